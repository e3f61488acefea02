"""What a patient does: look at a practice, ask for a time, see the request again, take it back."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bookings.domain.case import Case
from bookings.domain.change_set import Change, Edit, Overtaken, Stamp
from bookings.domain.decisions import decide
from bookings.domain.decisions.commands import PatientDetails, Submission
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.errors import Invalid, NotFound, Unavailable
from bookings.domain.kernel.idempotency import Attempt
from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.phone_numbers import to_e164
from bookings.domain.kernel.wall_time import at, local
from bookings.domain.practice.practice import Practice
from bookings.domain.practice.working_time import after_open_minutes
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Move, Request, check_move
from bookings.domain.scheduling.availability import nearest_openings
from bookings.domain.scheduling.conflicts import sheets_of_days
from bookings.domain.scheduling.slot import Slot
from bookings.domain.seen import Seen
from bookings.use_cases.optimistic_transaction import answered_once, practice_of, request_of, settle
from bookings.use_cases.ports import Bookings, Practices

OPENINGS_DAYS = 14


class Submitted(Entity):
    """What the patient gets: the manage token is the only key to the request.

    The request keeps a digest of it. The token itself is kept in the receipt of the call alone, which expires after a
    day: who asks again with the same Idempotency-Key gets the same answer.
    """

    id: str
    status: str
    manage_token: str


@dataclass(frozen=True)
class ManageToken:
    """Who holds it may see and withdraw the request: its names, and a secret that the request knows a digest of."""

    practice_id: str
    request_id: str
    secret: str

    @classmethod
    def parse(cls, text: str) -> "ManageToken":
        """The token in this text; raises NotFound, as for a token that never was."""
        parts = text.split(".")
        if len(parts) != 3 or not all(parts):
            raise NotFound("request")
        return cls(*parts)

    @property
    def digest(self) -> str:
        """What the request keeps."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.practice_id}.{self.request_id}.{self.secret}"

    def opens(self, request: Request) -> bool:
        """Whether this is the request's own token."""
        return hmac.compare_digest(self.digest, request.manage_digest)


def submit(
    practices: Practices, bookings: Bookings, practice_id: str, submission: Submission, attempt: Attempt, stamp: Stamp
) -> Submitted:
    """Ask for a time. One round trip."""
    practice = practice_of(practices, practice_id)
    request_id = new_id("req", stamp.at)
    target = practice.decision_target_minutes
    token = ManageToken(practice.id, request_id, secrets.token_urlsafe(24))
    request = Request(
        id=request_id,
        practice_id=practice.id,
        received_at=stamp.at,
        pms_synced_at=practice.pms.synced_at,
        answer_by=target and after_open_minutes(practice, stamp.at, target),
        source=submission.source,
        note=submission.note,
        new_patient=submission.new_patient,
        patient=_patient(submission.patient, practice),
        may_email=submission.may_email,
        requested=_requested(submission, practice, stamp.at),
        manage_digest=token.digest,
    )
    submitted = Submitted(id=request.id, status=request.status, manage_token=str(token))
    try:
        bookings.commit(
            Change(
                stamp=stamp,
                action="submit",
                request=Edit(None, request),
                receipt=attempt.receipt(submitted, stamp.at),
            )
        )
    except Overtaken as overtaken:
        if overtaken.receipt is None:
            raise Unavailable from None
        return attempt.replay(overtaken.receipt, Submitted)
    return submitted


def show(practices: Practices, bookings: Bookings, token: str) -> tuple[Practice, Request]:
    """The patient's own request. Changes nothing."""
    named = ManageToken.parse(token)
    practice = practice_of(practices, named.practice_id)
    return practice, _opened(bookings.see(practice.id, request_id=named.request_id), named)


def withdraw(
    practices: Practices, bookings: Bookings, token: str, attempt: Attempt | None, stamp: Stamp
) -> tuple[Practice, Request]:
    """Take the request back."""
    named = ManageToken.parse(token)
    practice = practice_of(practices, named.practice_id)
    case = Case(practice.id, named.request_id, 0, attempt, stamp)
    return practice, _withdraw(practices, bookings, case, named)


@answered_once
def _withdraw(_: Practices, bookings: Bookings, case: Case, token: ManageToken) -> Request:
    seen = bookings.see(case.practice_id, request_id=case.request_id, receipt_id=case.receipt_id)

    def decision(now_seen: Seen) -> Change:
        request = _opened(now_seen, token)
        check_move(request, Move.WITHDRAW)
        return decide.withdraw(request, case.stamp)

    return settle(bookings, case, seen, decision)


def openings(
    practices: Practices,
    bookings: Bookings,
    practice_id: str,
    service_id: str,
    first_day: date,
    last_day: date,
    now: datetime,
    practitioner_id: str | None = None,
) -> list[Slot]:
    """When the practice, or that practitioner, could serve that service: in order of time, all of at most two weeks."""
    if last_day < first_day:
        raise Invalid.field("to", "must not be before from")
    practice = practice_of(practices, practice_id)
    service = practice.service(service_id)
    if service is None:
        raise Invalid.field("service_id", "the practice has none of that id")
    decide.check_known(practice, practitioner_id, None, None, prefix="")
    first_day = max(first_day, now.astimezone(practice.zone).date())
    count = min((last_day - first_day).days + 1, OPENINGS_DAYS)
    days = [first_day + timedelta(days=n) for n in range(count)]
    wanted = Slot(
        start=at(first_day, time.min, practice.zone),
        duration_minutes=service.duration_minutes,
        practitioner_id=practitioner_id,
        service_id=service.id,
    )
    sheets = bookings.see(practice.id, sheets=sheets_of_days(practice, days)).sheets
    found = nearest_openings(practice, wanted, days, sheets, now)
    return [opening for opening in found if practitioner_id in (None, opening.practitioner_id)]


def _opened(seen: Seen, token: ManageToken) -> Request:
    request = request_of(seen)
    if not token.opens(request):
        raise NotFound("request")
    return request


def _patient(details: PatientDetails, practice: Practice) -> Patient:
    phone = details.phone and to_e164(details.phone, practice.country)
    if details.phone and not phone:
        raise Invalid.field("patient.phone", "must be a telephone number with its area code")
    return Patient(**{**details.model_dump(), "phone": phone})


def _requested(submission: Submission, practice: Practice, now: datetime) -> Slot:
    wish = submission.requested
    decide.check_known(practice, wish.practitioner_id, wish.chair_id, wish.service_id, prefix="requested.")
    service = practice.service(wish.service_id)
    duration = wish.duration_minutes or (service.duration_minutes if service else None)
    if duration is None:
        raise Invalid.field("requested.duration_minutes", "is needed where no service is named")
    slot = Slot(
        start=local(wish.start, practice.zone, "requested.start"),
        duration_minutes=duration,
        practitioner_id=wish.practitioner_id,
        chair_id=wish.chair_id,
        service_id=wish.service_id,
    )
    if slot.begins <= now:
        raise Invalid.field("requested.start", "must be in the future")
    return slot
