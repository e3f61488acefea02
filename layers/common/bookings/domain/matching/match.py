"""What matching answers: an appointment that may be the patient's own, how sure we are, and why."""

from enum import StrEnum

from bookings.domain.kernel.base import Entity
from bookings.domain.requests.appointment import Appointment


class Grade(StrEnum):
    """How sure we are, in the codes of FHIR's match-grade; a pair that deserves no grade is no match."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class Likeness(StrEnum):
    """How alike two values of one field are."""

    SAME = "same"
    VARIANT = "variant"
    """The same name in another form: a nickname, an initial, one half of a double name."""
    CLOSE = "close"
    """One slip of the finger away, or a day and month that changed places."""
    SWAPPED = "swapped"
    """First and last name stand in each other's place."""
    SIMILAR = "similar"
    DIFFERENT = "different"
    UNKNOWN = "unknown"

    @property
    def agrees(self) -> bool | None:
        """Whether it speaks for one person; None where one of the two does not say."""
        return None if self is Likeness.UNKNOWN else self is not Likeness.DIFFERENT


class Reason(Entity):
    """One field: whether the two agree on it, how, and what that is worth.

    `weight` is in bits, for (above 0) or against: each doubles or halves the odds against the likeliest other
    explanation, which may be a stranger, a relative with the same number, or a twin.
    """

    field: str
    agrees: bool | None
    likeness: Likeness
    weight: float


class Match(Entity):
    """An appointment that may be the patient's own; `score` is the probability that it is.

    `same_patient_as` names the certain match without which it would be less sure: that appointment's patient is this
    one's too.
    """

    appointment: Appointment
    grade: Grade
    score: float
    reasons: tuple[Reason, ...]
    same_patient_as: str | None = None
