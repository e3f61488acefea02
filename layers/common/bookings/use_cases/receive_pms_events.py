"""What a PMS sync agent reports, taken in so that duplicates, replays and any order end in the same state."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError

from bookings.domain.change_set import Change, Overtaken, Stamp
from bookings.domain.kernel.base import Command, Entity
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.idempotency import WEBHOOK_IDS_KEPT_FOR, Attempt
from bookings.domain.kernel.validation_errors import field_errors
from bookings.domain.pms.event_models import KINDS, UNVERSIONED, AppointmentData, DeletedData, Event, Heartbeat, Named
from bookings.domain.pms.event_partitioning import Told, lanes
from bookings.domain.practice.agent import Agent
from bookings.domain.practice.event_outcome import Heard
from bookings.use_cases import pms_write_outcomes as writes
from bookings.use_cases.ingest_event import Intake
from bookings.use_cases.link_watched_requests import Watchers
from bookings.use_cases.optimistic_transaction import practice_of
from bookings.use_cases.ports import Bookings, Practices


class Rejected(Entity):
    """An event that cannot be taken in, and why; the rest of the batch is not held up by it."""

    index: int
    errors: tuple[dict[str, str], ...]


class Contradicting(Entity):
    """An event under a version that the PMS has used for something else before: kept aside for people to see."""

    index: int
    type: str
    id: str


class Received(Entity):
    """What became of a batch: `ignored` events were no news, those of `contradictions` among them."""

    accepted: int
    ignored: int
    rejected: tuple[Rejected, ...]
    contradictions: tuple[Contradicting, ...] = ()


def receive(
    practices: Practices,
    bookings: Bookings,
    agent: Agent,
    events: Sequence[dict[str, Any]],
    attempt: Attempt,
    stamp: Stamp,
) -> Received:
    """Take in a batch. When this returns, everything valid in it is durable.

    Two round trips for an appointment event, of which the first serves the whole batch; one more where a request is
    linked to the appointment, or may have waited for it. Appointments that share no day sheet are written side by
    side. Raises Unavailable for the batch: sent again, it does no harm.
    """
    practice = practice_of(practices, agent.practice_id)
    told, rejected = _read(events)
    names = [one.data.id for one in told if isinstance(one.data, AppointmentData | DeletedData)]
    (seen, known), (watched, waiting) = bookings.beside(
        lambda: bookings.beside(
            lambda: bookings.see(practice.id, receipt_id=attempt.receipt_id),
            lambda: bookings.appointments(practice.id, names),
        ),
        lambda: bookings.beside(
            lambda: bookings.watched(practice.id) if names else [],
            lambda: writes.unwritten(bookings, practice, stamp.at) if names else [],
        ),
    )
    if seen.receipt:
        return attempt.replay(seen.receipt, Received)
    intake = Intake(practices, bookings, practice, known, Watchers(bookings, practice, watched), waiting, stamp)

    def take_in(one: Told) -> Heard | Rejected:
        try:
            return intake.take_in(one)
        except Invalid as refusal:
            return Rejected(index=one.place, errors=tuple(refusal.facts["errors"]))

    def take_in_all(lane: Sequence[Told]) -> list[tuple[Told, Heard | Rejected]]:
        return [(one, take_in(one)) for one in lane]

    outcomes = take_in_all([one for one in told if not _is_of_appointment(one)])
    of_appointments = lanes(filter(_is_of_appointment, told), known)
    for lane in bookings.side_by_side([partial(take_in_all, lane) for lane in of_appointments]):
        outcomes += lane
    beats = sum(isinstance(one.data, Heartbeat) for one in told)
    practices.record_sign_of_life(agent, stamp.at, heartbeat=beats > 0, events=beats < len(told))
    return _remember(bookings, _received(outcomes, rejected), attempt, stamp)


def _is_of_appointment(told: Told) -> bool:
    return isinstance(told.data, AppointmentData | DeletedData)


def _received(outcomes: Sequence[tuple[Told, Heard | Rejected]], unread: Sequence[Rejected]) -> Received:
    rejected = [*unread, *(outcome for _, outcome in outcomes if isinstance(outcome, Rejected))]
    accepted = sum(outcome is Heard.NEWS for _, outcome in outcomes)
    contradictions = [
        Contradicting(index=one.place, type=one.event.type, id=one.data.id)
        for one, outcome in outcomes
        if outcome is Heard.CONTRADICTION and isinstance(one.data, Named)
    ]
    return Received(
        accepted=accepted,
        ignored=len(outcomes) + len(unread) - accepted - len(rejected),
        rejected=tuple(sorted(rejected, key=lambda one: one.index)),
        contradictions=tuple(sorted(contradictions, key=lambda one: one.index)),
    )


def _read(events: Sequence[dict[str, Any]]) -> tuple[list[Told], list[Rejected]]:
    """The events that can be read, and why the others cannot."""
    told: list[Told] = []
    rejected: list[Rejected] = []
    for index, raw in enumerate(events):
        try:
            event = Event.model_validate_json(json.dumps(raw))
            told.append(Told(index, event, _data(event)))
        except ValidationError as error:
            rejected.append(Rejected(index=index, errors=tuple(field_errors(error))))
        except Invalid as refusal:
            rejected.append(Rejected(index=index, errors=tuple(refusal.facts["errors"])))
    return told, rejected


def _data(event: Event) -> Command:
    kind = KINDS.get(event.type)
    if kind is None:
        raise Invalid.field("type", "is not an event type of this contract")
    if event.version is None and event.type not in UNVERSIONED:
        raise Invalid.field("version", "is required")
    try:
        return kind.model_validate_json(json.dumps(event.data))
    except ValidationError as error:
        raise Invalid(field_errors(error, "data.")) from None


def _remember(bookings: Bookings, received: Received, attempt: Attempt, stamp: Stamp) -> Received:
    """The answer, kept under the webhook's id; a repetition that was faster has given it already."""
    receipt = attempt.receipt(received, stamp.at, kept_for=WEBHOOK_IDS_KEPT_FOR)
    try:
        bookings.commit(Change(stamp=stamp, action="receive", receipt=receipt))
    except Overtaken as overtaken:
        if overtaken.receipt:
            return attempt.replay(overtaken.receipt, Received)
    return received
