"""Submit a booking request of a patient."""

from datetime import datetime, timedelta

from pydantic import Field

from bookings.domain.change_set import ChangeSet, Edit, StaleSnapshot
from bookings.domain.decisions.checks import check_ids_exist
from bookings.domain.decisions.commands import Submission
from bookings.domain.decisions.patient_details import new_patient
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.errors import Invalid, TooManyRequests, Unavailable
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.rate_limit import RateLimit
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.kernel.wall_time import to_local
from bookings.domain.practice.practice import Practice
from bookings.domain.practice.working_time import add_open_minutes
from bookings.domain.requests.manage_token import new_manage_token
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.slot import Slot
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import BookingStore, PracticeRepository

MAX_MONTHS_AHEAD = 18
"""How far ahead a patient may ask for a time. A later one is a typing error, such as 2072 for 2027."""


_NO_MORE_THIS_HOUR = (
    "The practice takes no more online requests in this hour. Call the practice, or wait as many seconds as "
    "Retry-After says, then send the call again."
)


class SubmittedRequest(Entity):
    """The answer to the patient. The manage token is the only way to read or withdraw the request."""

    # The request stores a digest of the token. The token itself is stored only in the idempotency record of the call,
    # for a day, so that a repeated call gets the same answer.

    id: str
    status: Status
    manage_token: str = Field(description="keep it: it is not shown again")


def submit_request(
    practices: PracticeRepository,
    bookings: BookingStore,
    practice_id: str,
    submission: Submission,
    idempotency_key: IdempotencyKey,
    stamp: Stamp,
    *,
    hourly_limit: int,
) -> SubmittedRequest:
    """Store a new request, in one round trip.

    Raises Invalid for fields that do not fit the practice, and TooManyRequests if it has got `hourly_limit` requests in
    this hour. A repeated call counts once and gets its first answer, also if the limit is used up by then.
    """
    practice = get_practice(practices, practice_id)
    request_id = new_id("req", stamp.at + timedelta(milliseconds=stamp.milliseconds))
    target = practice.decision_target_minutes
    token = new_manage_token(practice.id, request_id)
    request = Request(
        id=request_id,
        practice_id=practice.id,
        received_at=stamp.at,
        pms_synced_at=practice.pms.synced_at,
        answer_by=target and add_open_minutes(practice, stamp.at, target),
        source=submission.source,
        note=submission.note,
        new_patient=submission.new_patient,
        suspected_spam=submission.is_suspicious,
        patient=new_patient(submission.patient, practice, stamp.at),
        may_email=submission.may_email,
        requested=_requested(submission, practice, stamp.at),
        manage_digest=token.digest,
    )
    submitted = SubmittedRequest(id=request.id, status=request.status, manage_token=str(token))
    limit = RateLimit.in_hour_of(stamp.at, subject=f"submissions#{practice.id}", limit=hourly_limit)
    try:
        bookings.commit(
            ChangeSet(
                stamp=stamp,
                action="submit",
                request=Edit(None, request),
                idempotency_record=idempotency_key.idempotency_record(submitted, stamp.at),
                rate_limit=limit,
            )
        )
    except StaleSnapshot as stale:
        if stale.idempotency_record:
            return idempotency_key.replay(stale.idempotency_record, SubmittedRequest)
        if stale.is_over_limit:
            raise TooManyRequests(_NO_MORE_THIS_HOUR, retry_after_seconds=limit.seconds_left(stamp.at)) from None
        raise Unavailable from None
    return submitted


def _requested(submission: Submission, practice: Practice, now: datetime) -> Slot:
    requested = submission.requested
    check_ids_exist(practice, requested.practitioner_id, requested.chair_id, requested.service_id, prefix="requested.")
    service = practice.service(requested.service_id)
    duration = requested.duration_minutes or (service.duration_minutes if service else None)
    if duration is None:
        raise Invalid.field("requested.duration_minutes", "is required if `service_id` is missing")
    slot = Slot(
        start=to_local(requested.start, practice.zone, "requested.start"),
        duration_minutes=duration,
        practitioner_id=requested.practitioner_id,
        chair_id=requested.chair_id,
        service_id=requested.service_id,
    )
    if slot.begins <= now:
        raise Invalid.field("requested.start", "must be in the future")
    if _is_too_far_ahead(slot.start, now.astimezone(practice.zone)):
        raise Invalid.field("requested.start", f"must be within the next {MAX_MONTHS_AHEAD} months")
    return slot


def _is_too_far_ahead(start: datetime, now: datetime) -> bool:
    months = (start.year - now.year) * 12 + start.month - now.month
    is_later_in_month = (start.day, start.time()) > (now.day, now.time())
    return months > MAX_MONTHS_AHEAD or (months == MAX_MONTHS_AHEAD and is_later_in_month)
