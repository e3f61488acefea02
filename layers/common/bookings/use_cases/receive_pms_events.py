"""What a PMS sync agent reports, taken in so that duplicates, replays and any order end in the same state."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError

from bookings.domain.change_set import ChangeSet, StaleSnapshot
from bookings.domain.kernel.base import Command, Entity
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.idempotency import WEBHOOK_ID_TTL, IdempotencyKey
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.kernel.validation_errors import field_errors
from bookings.domain.pms.event_models import (
    EVENT_DATA,
    UNVERSIONED_EVENTS,
    AppointmentData,
    DeletedData,
    Event,
    Heartbeat,
    IdentifiedData,
)
from bookings.domain.pms.event_partitioning import ParsedEvent, partition_events
from bookings.domain.practice.agent import Agent
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.use_cases.ingest_event import EventIngest
from bookings.use_cases.link_watched_requests import WatchedRequests
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.pms_write_outcomes import unconfirmed_creates
from bookings.use_cases.ports import BookingStore, PracticeRepository


class RejectedEvent(Entity):
    """An event that cannot be taken in, and why; the rest of the batch is not held up by it."""

    index: int
    errors: tuple[dict[str, str], ...]


class ContradictingEvent(Entity):
    """An event under a version that the PMS has used for something else before: kept aside for people to see."""

    index: int
    type: str
    id: str


class BatchResult(Entity):
    """What became of a batch: `ignored` events were no news, those of `contradictions` among them."""

    accepted: int
    ignored: int
    rejected: tuple[RejectedEvent, ...]
    contradictions: tuple[ContradictingEvent, ...] = ()


def receive_events(
    practices: PracticeRepository,
    bookings: BookingStore,
    agent: Agent,
    events: Sequence[dict[str, Any]],
    idempotency_key: IdempotencyKey,
    stamp: Stamp,
) -> BatchResult:
    """Take in a batch. When this returns, everything valid in it is durable.

    Two round trips for an appointment event, of which the first serves the whole batch; one more where a request is
    linked to the appointment, or may have waited for it. Appointments that share no day sheet are written side by
    side. Raises Unavailable for the batch: sent again, it does no harm.
    """
    practice = get_practice(practices, agent.practice_id)
    told, rejected = _read(events)
    names = [one.data.id for one in told if isinstance(one.data, AppointmentData | DeletedData)]
    (snapshot, known), (watched_requests, waiting) = bookings.run_both(
        lambda: bookings.run_both(
            lambda: bookings.load(practice.id, idempotency_record_id=idempotency_key.idempotency_record_id),
            lambda: bookings.appointments(practice.id, names),
        ),
        lambda: bookings.run_both(
            lambda: bookings.watched_requests(practice.id) if names else [],
            lambda: unconfirmed_creates(bookings, practice, stamp.at) if names else [],
        ),
    )
    if snapshot.idempotency_record:
        return idempotency_key.replay(snapshot.idempotency_record, BatchResult)
    intake = EventIngest(
        practices, bookings, practice, known, WatchedRequests(bookings, practice, watched_requests), waiting, stamp
    )

    def take_in(one: ParsedEvent) -> EventOutcome | RejectedEvent:
        try:
            return intake.take_in(one)
        except Invalid as refusal:
            return RejectedEvent(index=one.place, errors=tuple(refusal.facts["errors"]))

    def take_in_all(lane: Sequence[ParsedEvent]) -> list[tuple[ParsedEvent, EventOutcome | RejectedEvent]]:
        return [(one, take_in(one)) for one in lane]

    outcomes = take_in_all([one for one in told if not _is_of_appointment(one)])
    of_appointments = partition_events(filter(_is_of_appointment, told), known)
    for lane in bookings.run_concurrently([partial(take_in_all, lane) for lane in of_appointments]):
        outcomes += lane
    beats = sum(isinstance(one.data, Heartbeat) for one in told)
    practices.record_agent_activity(agent, stamp.at, heartbeat=beats > 0, events=beats < len(told))
    return _remember(bookings, _received(outcomes, rejected), idempotency_key, stamp)


def _is_of_appointment(told: ParsedEvent) -> bool:
    return isinstance(told.data, AppointmentData | DeletedData)


def _received(
    outcomes: Sequence[tuple[ParsedEvent, EventOutcome | RejectedEvent]], unread: Sequence[RejectedEvent]
) -> BatchResult:
    rejected = [*unread, *(outcome for _, outcome in outcomes if isinstance(outcome, RejectedEvent))]
    accepted = sum(outcome is EventOutcome.APPLIED for _, outcome in outcomes)
    contradictions = [
        ContradictingEvent(index=one.place, type=one.event.type, id=one.data.id)
        for one, outcome in outcomes
        if outcome is EventOutcome.CONTRADICTION and isinstance(one.data, IdentifiedData)
    ]
    return BatchResult(
        accepted=accepted,
        ignored=len(outcomes) + len(unread) - accepted - len(rejected),
        rejected=tuple(sorted(rejected, key=lambda one: one.index)),
        contradictions=tuple(sorted(contradictions, key=lambda one: one.index)),
    )


def _read(events: Sequence[dict[str, Any]]) -> tuple[list[ParsedEvent], list[RejectedEvent]]:
    """The events that can be read, and why the others cannot."""
    told: list[ParsedEvent] = []
    rejected: list[RejectedEvent] = []
    for index, raw in enumerate(events):
        try:
            event = Event.model_validate_json(json.dumps(raw))
            told.append(ParsedEvent(index, event, _data(event)))
        except ValidationError as error:
            rejected.append(RejectedEvent(index=index, errors=tuple(field_errors(error))))
        except Invalid as refusal:
            rejected.append(RejectedEvent(index=index, errors=tuple(refusal.facts["errors"])))
    return told, rejected


def _data(event: Event) -> Command:
    kind = EVENT_DATA.get(event.type)
    if kind is None:
        raise Invalid.field("type", "is not an event type of this contract")
    if event.version is None and event.type not in UNVERSIONED_EVENTS:
        raise Invalid.field("version", "is required")
    try:
        return kind.model_validate_json(json.dumps(event.data))
    except ValidationError as error:
        raise Invalid(field_errors(error, "data.")) from None


def _remember(
    bookings: BookingStore, received: BatchResult, idempotency_key: IdempotencyKey, stamp: Stamp
) -> BatchResult:
    """The answer, kept under the webhook's id; a repetition that was faster has given it already."""
    idempotency_record = idempotency_key.idempotency_record(received, stamp.at, ttl=WEBHOOK_ID_TTL)
    try:
        bookings.commit(ChangeSet(stamp=stamp, action="receive", idempotency_record=idempotency_record))
    except StaleSnapshot as stale:
        if stale.idempotency_record:
            return idempotency_key.replay(stale.idempotency_record, BatchResult)
    return received
