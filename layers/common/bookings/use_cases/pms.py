"""What a PMS sync agent reports, taken in so that duplicates, replays and any order end in the same state."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from bookings.domain.agent import Agent
from bookings.domain.appointment import Appointment
from bookings.domain.change import Change, Edit, Overtaken, Stamp
from bookings.domain.entity import Command, Entity
from bookings.domain.errors import Invalid, Unavailable
from bookings.domain.invalid import field_errors
from bookings.domain.pms_events import (
    KINDS,
    AppointmentData,
    DeletedData,
    Event,
    HoursData,
    PersonData,
    ServiceData,
    deleted,
    follow,
    hours,
    upserted,
)
from bookings.domain.practice import Chair, Practice, Practitioner, Service
from bookings.domain.receipt import Attempt
from bookings.domain.request import Request
from bookings.use_cases.late_links import Watchers
from bookings.use_cases.ports import Bookings, Practices
from bookings.use_cases.settling import TRIES, practice_of

WEBHOOK_IDS_KEPT_FOR = timedelta(days=7)

Told = tuple[int, Event, Command]
"""An event that can be read: its place in the batch, itself, and its data."""


class Rejected(Entity):
    """An event that cannot be taken in, and why; the rest of the batch is not held up by it."""

    index: int
    errors: tuple[dict[str, str], ...]


class Received(Entity):
    """What became of a batch: `ignored` events were no news."""

    accepted: int
    ignored: int
    rejected: tuple[Rejected, ...]


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
    linked to the appointment, or may have waited for it. Raises Unavailable for the batch: sent again, it does no harm.
    """
    practice = practice_of(practices, agent.practice_id)
    told, rejected = _read(events)
    names = [data.id for _, _, data in told if isinstance(data, AppointmentData | DeletedData)]
    (seen, known), watched = bookings.beside(
        lambda: bookings.beside(
            lambda: bookings.see(practice.id, receipt_id=attempt.receipt_id),
            lambda: bookings.appointments(practice.id, names),
        ),
        lambda: bookings.watched(practice.id) if names else [],
    )
    if seen.receipt:
        return attempt.replay(seen.receipt, Received)
    watchers = Watchers(bookings, practice, watched)
    accepted = 0
    for index, event, data in told:
        try:
            accepted += _take_in(practices, bookings, practice, known, watchers, event, data, stamp)
        except Invalid as refusal:
            rejected.append(Rejected(index=index, errors=tuple(refusal.facts["errors"])))
    practices.record_sign_of_life(agent, stamp.at)
    received = Received(
        accepted=accepted,
        ignored=len(events) - accepted - len(rejected),
        rejected=tuple(sorted(rejected, key=lambda one: one.index)),
    )
    return _remember(bookings, received, attempt, stamp)


def _read(events: Sequence[dict[str, Any]]) -> tuple[list[Told], list[Rejected]]:
    """The events that can be read, and why the others cannot."""
    told: list[Told] = []
    rejected: list[Rejected] = []
    for index, raw in enumerate(events):
        try:
            event = Event.model_validate_json(json.dumps(raw))
            told.append((index, event, _data(event)))
        except ValidationError as error:
            rejected.append(Rejected(index=index, errors=tuple(field_errors(error))))
        except Invalid as refusal:
            rejected.append(Rejected(index=index, errors=tuple(refusal.facts["errors"])))
    return told, rejected


def _data(event: Event) -> Command:
    kind = KINDS.get(event.type)
    if kind is None:
        raise Invalid.field("type", "is not an event type of this contract")
    if event.version is None and event.type != "heartbeat":
        raise Invalid.field("version", "is required")
    try:
        return kind.model_validate_json(json.dumps(event.data))
    except ValidationError as error:
        raise Invalid(field_errors(error, "data.")) from None


def _take_in(
    practices: Practices,
    bookings: Bookings,
    practice: Practice,
    known: dict[str, Appointment],
    watchers: Watchers,
    event: Event,
    data: Command,
    stamp: Stamp,
) -> bool:
    """Whether the event was news."""
    version = event.version or 0
    match data:
        case AppointmentData() | DeletedData():
            return _take_in_appointment(bookings, practice, known, watchers, data, version, stamp)
        case ServiceData():
            service = Service(**data.model_dump())
            return practices.record(practice.id, "service", data.id, version, service)
        case PersonData() if event.type == "chair.upserted":
            return practices.record(practice.id, "chair", data.id, version, Chair(**data.model_dump()))
        case PersonData():
            return practices.record(practice.id, "practitioner", data.id, version, Practitioner(**data.model_dump()))
        case HoursData():
            return practices.record(practice.id, "hours", data.id, version, hours(practice, data))
        case _:
            return True


def _take_in_appointment(
    bookings: Bookings,
    practice: Practice,
    known: dict[str, Appointment],
    watchers: Watchers,
    data: AppointmentData | DeletedData,
    version: int,
    stamp: Stamp,
) -> bool:
    for _ in range(TRIES):
        edit = _edit(practice, known.get(data.id), data, version)
        if edit is None:
            return False
        change = watchers.link(edit, stamp) or follow(_linked_request(bookings, edit), edit, stamp)
        try:
            bookings.commit(change)
        except Overtaken as overtaken:
            watchers.learn(overtaken.request)
            if overtaken.appointment:
                known[data.id] = overtaken.appointment
        else:
            known[data.id] = change.appointment.after if change.appointment else edit.after
            return True
    raise Unavailable


def _edit(
    practice: Practice, known: Appointment | None, data: AppointmentData | DeletedData, version: int
) -> Edit[Appointment] | None:
    if isinstance(data, DeletedData):
        return deleted(practice, known, data, version)
    return upserted(practice, known, data, version)


def _linked_request(bookings: Bookings, edit: Edit[Appointment]) -> Request | None:
    request_id = edit.after.request_id
    return bookings.see(edit.after.practice_id, request_id=request_id).request if request_id else None


def _remember(bookings: Bookings, received: Received, attempt: Attempt, stamp: Stamp) -> Received:
    """The answer, kept under the webhook's id; a repetition that was faster has given it already."""
    receipt = attempt.receipt(received, stamp.at, kept_for=WEBHOOK_IDS_KEPT_FOR)
    try:
        bookings.commit(Change(stamp=stamp, action="receive", receipt=receipt))
    except Overtaken as overtaken:
        if overtaken.receipt:
            return attempt.replay(overtaken.receipt, Received)
    return received
