"""A patient, and the blocking keys by which the same person's appointments are found.

Each key still matches when another field is wrong: the birth date when the number is mistyped, the name when the
birth date is mistyped, and either of them when the name is misspelt (docs/matching.md).
"""

from datetime import date

from bookings.domain.kernel.base import Entity


class Patient(Entity):
    """A patient as entered on the booking page or in the PMS. What is missing is unknown; a PMS may have one name only.

    `phone` is in E.164, such as `+16045550123`, or local digits if the PMS has no area code. `phone_extension` is
    dialled after it.
    """

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    phone_extension: str | None = None
    date_of_birth: date | None = None


def changed_fields(before: Patient, after: Patient) -> tuple[str, ...]:
    """The names of the fields that differ. An extension is part of the telephone number."""
    names = (name for name in Patient.model_fields if getattr(before, name) != getattr(after, name))
    return tuple(dict.fromkeys("phone" if name == "phone_extension" else name for name in names))
