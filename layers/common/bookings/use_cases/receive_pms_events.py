"""Ingest a batch of PMS events. Duplicates, replays and any order lead to the same state."""

from collections.abc import Sequence
from functools import partial

from pydantic import Field

from bookings.domain.change_set import ChangeSet, StaleSnapshot
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.idempotency import WEBHOOK_ID_TTL, IdempotencyKey
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.pms.event_models import AppointmentData, DeletedData, HeartbeatData, IdentifiedData
from bookings.domain.pms.event_partitioning import ParsedEvent, partition_events
from bookings.domain.pms.parse_event import parse_event
from bookings.domain.practice.agent import Agent
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.use_cases.ingest_event import EventIngest
from bookings.use_cases.link_on_pms_event import WatchedRequests
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.pms_write_outcomes import unconfirmed_creates
from bookings.use_cases.ports import BookingStore, PracticeRepository


class RejectedEvent(Entity):
    """An event that is not valid, and why. It does not affect the rest of the batch."""

    index: int = Field(description="position in the batch; the first event is 0")
    errors: tuple[dict[str, str], ...] = Field(description="each has `field`, such as `data.start`, and `message`")


class ContradictingEvent(Entity):
    """An event with the version of an earlier one but other content. It is kept for staff to see (docs/adr/0025)."""

    index: int = Field(description="position in the batch; the first event is 0")
    type: str
    id: str = Field(description="the PMS's id of the object")


class BatchResult(Entity):
    """The result of a batch. `ignored` counts events that changed nothing, including those in `contradictions`."""

    accepted: int
    ignored: int
    rejected: tuple[RejectedEvent, ...]
    contradictions: tuple[ContradictingEvent, ...] = ()


_Outcome = tuple[ParsedEvent, EventOutcome | RejectedEvent]


def receive_events(
    practices: PracticeRepository,
    bookings: BookingStore,
    agent: Agent,
    events: Sequence[object],
    idempotency_key: IdempotencyKey,
    stamp: Stamp,
) -> BatchResult:
    """Ingest a batch. When this returns, all its valid events are stored.

    One round trip for the batch, one per appointment event, and one more if the appointment is linked to a request or
    matches a watched one. Appointments that share no day sheet are written concurrently. Raises Unavailable if the
    batch has to be sent again, which is safe.
    """
    practice = get_practice(practices, agent.practice_id)
    parsed, rejected = _parse(events)
    appointment_ids = [event.data.id for event in parsed if isinstance(event.data, AppointmentData | DeletedData)]
    (snapshot, known), (watched_requests, creates) = bookings.run_both(
        lambda: bookings.run_both(
            lambda: bookings.load(practice.id, idempotency_record_id=idempotency_key.idempotency_record_id),
            lambda: bookings.appointments(practice.id, appointment_ids),
        ),
        lambda: bookings.run_both(
            lambda: bookings.watched_requests(practice.id) if appointment_ids else [],
            lambda: unconfirmed_creates(bookings, practice, stamp.at) if appointment_ids else [],
        ),
    )
    if snapshot.idempotency_record:
        return idempotency_key.replay(snapshot.idempotency_record, BatchResult)
    watchers = WatchedRequests(bookings, practice, watched_requests)
    event_ingest = EventIngest(practices, bookings, practice, known, watchers, creates, stamp)
    outcomes = _ingest_all(event_ingest, parsed)
    heartbeats = sum(isinstance(event.data, HeartbeatData) for event in parsed)
    practices.record_agent_activity(agent, stamp.at, heartbeat=heartbeats > 0, events=heartbeats < len(parsed))
    return _save_result(bookings, _batch_result(outcomes, rejected), idempotency_key, stamp)


def _ingest_all(event_ingest: EventIngest, events: Sequence[ParsedEvent]) -> list[_Outcome]:
    """Ingest events about other things in sequence, then those about appointments in concurrent partitions."""
    outcomes = _ingest_in_sequence(event_ingest, [event for event in events if not _is_about_appointment(event)])
    partitions = partition_events(filter(_is_about_appointment, events), event_ingest.known)
    ingests = [partial(_ingest_in_sequence, event_ingest, partition) for partition in partitions]
    for partition_outcomes in event_ingest.bookings.run_concurrently(ingests):
        outcomes += partition_outcomes
    return outcomes


def _ingest_in_sequence(event_ingest: EventIngest, events: Sequence[ParsedEvent]) -> list[_Outcome]:
    return [(event, _ingest_or_reject(event_ingest, event)) for event in events]


def _ingest_or_reject(event_ingest: EventIngest, event: ParsedEvent) -> EventOutcome | RejectedEvent:
    try:
        return event_ingest.ingest(event)
    except Invalid as refusal:
        return RejectedEvent(index=event.position, errors=tuple(map(_within_data, refusal.facts["errors"])))


def _within_data(error: dict[str, str]) -> dict[str, str]:
    """The error of a field of `data`, whichever part of the code named the field."""
    return {**error, "field": f"data.{error['field'].removeprefix('data.')}"}


def _is_about_appointment(event: ParsedEvent) -> bool:
    return isinstance(event.data, AppointmentData | DeletedData)


def _batch_result(outcomes: Sequence[_Outcome], unparsed: Sequence[RejectedEvent]) -> BatchResult:
    rejected = [*unparsed, *(outcome for _, outcome in outcomes if isinstance(outcome, RejectedEvent))]
    accepted = sum(outcome is EventOutcome.APPLIED for _, outcome in outcomes)
    contradictions = [
        ContradictingEvent(index=event.position, type=event.event.type, id=event.data.id)
        for event, outcome in outcomes
        if outcome is EventOutcome.CONTRADICTION and isinstance(event.data, IdentifiedData)
    ]
    return BatchResult(
        accepted=accepted,
        ignored=len(outcomes) + len(unparsed) - accepted - len(rejected),
        rejected=tuple(sorted(rejected, key=lambda event: event.index)),
        contradictions=tuple(sorted(contradictions, key=lambda event: event.index)),
    )


def _parse(events: Sequence[object]) -> tuple[list[ParsedEvent], list[RejectedEvent]]:
    """The valid events, and the errors of the others."""
    parsed: list[ParsedEvent] = []
    rejected: list[RejectedEvent] = []
    for index, event in enumerate(events):
        try:
            parsed.append(parse_event(index, event))
        except Invalid as refusal:
            rejected.append(RejectedEvent(index=index, errors=tuple(refusal.facts["errors"])))
    return parsed, rejected


def _save_result(
    bookings: BookingStore, result: BatchResult, idempotency_key: IdempotencyKey, stamp: Stamp
) -> BatchResult:
    """Store the result under the webhook's id. If the same batch was already answered, return that result."""
    idempotency_record = idempotency_key.idempotency_record(result, stamp.at, ttl=WEBHOOK_ID_TTL)
    try:
        bookings.commit(ChangeSet(stamp=stamp, action="receive", idempotency_record=idempotency_record))
    except StaleSnapshot as stale:
        if stale.idempotency_record:
            return idempotency_key.replay(stale.idempotency_record, BatchResult)
    return result
