"""The result of matching: an appointment that may be the patient's own, with grade, score and reasons."""

from enum import StrEnum

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.requests.appointment import Appointment


class Grade(StrEnum):
    """How sure the match is, in the codes of FHIR's match-grade.

    By the score: `certain` from 0.95, `probable` from 0.5, `possible` from 0.25. Below that there is no match.
    """

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class Likeness(StrEnum):
    """How similar two values of one field are.

    `same`: equal without case, accents and punctuation. `variant`: the same name in another form, such as a nickname,
    an initial or one half of a double name. `close`: one typing error apart, or day and month swapped. `swapped`: first
    and last name are swapped. `similar`: alike, but further apart. `different`: no agreement. `unknown`: one of the two
    has no value.
    """

    SAME = "same"
    VARIANT = "variant"
    """The same name in another form: a nickname, an initial, one half of a double name."""
    CLOSE = "close"
    """One typing error apart, or day and month swapped."""
    SWAPPED = "swapped"
    """First and last name are swapped."""
    SIMILAR = "similar"
    DIFFERENT = "different"
    UNKNOWN = "unknown"

    @property
    def agrees(self) -> bool | None:
        """Whether it is evidence for the same person; None where one of the values is missing."""
        return None if self is Likeness.UNKNOWN else self is not Likeness.DIFFERENT


class Reason(Entity):
    """The comparison of one field: whether the values agree, how similar they are, and the match weight.

    `weight` is in bits. Each bit above 0 doubles the odds for the same person, each bit below 0 halves them. The odds
    are against the likeliest other explanation: a stranger, a relative with the same number, or a twin.
    """

    field: str = Field(description="`first_name`, `last_name`, `date_of_birth`, `email` or `phone`")
    agrees: bool | None = Field(description="null if one of the two has no value")
    likeness: Likeness
    weight: float


class Match(Entity):
    """An appointment that may be the patient's own; `score` is the probability that it is.

    The appointment of another request is a match too. It cannot be linked.

    For an indirect match, `same_patient_as` is the appointment id of the certain match that it was found by: that
    appointment has the same patient.

    `made_after_request` is whether Chairlink made the appointment or first received it after the request; None if that
    is not known.
    """

    appointment: Appointment
    grade: Grade
    score: float
    reasons: tuple[Reason, ...]
    same_patient_as: str | None = None
    made_after_request: bool | None = None
