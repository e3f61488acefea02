"""A change as one DynamoDB transaction, and what its failure says about who was faster."""

from collections.abc import Callable, Iterator
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from bookings.domain.change_set import ChangeSet, Edit, StaleSnapshot, Versioned, new_history_entry
from bookings.domain.kernel.idempotency import IdempotencyRecord
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.reporting.tally import cohort, tally_delta
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey, busy_time_on, sheet_keys
from bookings.settings import Table
from bookings.storage.codec import Item, encode
from bookings.storage.dynamodb import ConditionFailed, Database, Key, Operation, PutItem, UpdateItem
from bookings.storage.email_repository import email_item
from bookings.storage.items import (
    appointment_item,
    appointment_key,
    busy_attribute,
    cohort_key,
    history_item,
    idempotency_item,
    read_appointment,
    read_idempotency_record,
    read_request,
    read_sheet,
    request_item,
    request_key,
    sheet_key,
)
from bookings.storage.pms_write_queries import read_write, write_item, write_key

_WriteStep = tuple[Operation, Request | Appointment | IdempotencyRecord | PmsWrite | SheetKey | None]
"""An operation, and the thing whose condition it carries."""


def commit(database: Database, change: ChangeSet) -> None:
    """Write all of the change or nothing; raises Overtaken with what stands now if somebody was faster."""
    steps = list(_steps(change))
    try:
        database.write([operation for operation, _ in steps])
    except ConditionFailed as failure:
        raise _stale_snapshot(steps, failure) from None


def _steps(change: ChangeSet) -> Iterator[_WriteStep]:
    if change.idempotency_record:
        yield put_idempotency_record(change.idempotency_record, change.stamp.at), change.idempotency_record
    if change.request:
        yield _edit_request(change.request), change.request.after
        if change.request.is_new_revision:
            yield PutItem(Table.HISTORY, history_item(new_history_entry(change, change.request))), None
        yield from _tally(change.request)
    if change.appointment:
        yield _edit_appointment(change.appointment), change.appointment.after
    if change.alias:
        yield _edit_appointment(change.alias), None
    yield from _sheets(change)
    if change.email:
        yield _email(change.email), None
    for write in change.pms_writes:
        yield _edit_write(write), write.after


def _stale_snapshot(steps: list[_WriteStep], failure: ConditionFailed) -> StaleSnapshot:
    stale = StaleSnapshot()
    sheets: dict[SheetKey, DaySheet] = {}
    for index, item in failure.standing.items():
        match steps[index][1]:
            case Request():
                stale.request = read_request(item) if item else None
            case Appointment():
                stale.appointment = read_appointment(item) if item else None
            case IdempotencyRecord():
                stale.idempotency_record = read_idempotency_record(item)
            case PmsWrite() as write:
                stale.pms_writes = {**stale.pms_writes, write.id: read_write(item)}
            case SheetKey() as key:
                sheets[key] = read_sheet(key, item)
    stale.sheets = sheets
    return stale


def put_idempotency_record(idempotency_record: IdempotencyRecord, now: datetime) -> Operation:
    """Keep the receipt, unless one of its id stands; one that has expired does not."""
    free = Path("delivery_id").does_not_exist() | (Path("expires_at") < int(now.timestamp()))
    return PutItem(Table.DELIVERIES, idempotency_item(idempotency_record), free)


def _edit(edit: Edit[Versioned], key: Key, item: Callable[[Versioned], Item]) -> Operation:
    """Begin a new thing where there is none, or change one that is still at the revision that was seen."""
    after = item(edit.after)
    if edit.before is None:
        return PutItem(key.table, after, Path(key.names[-1]).does_not_exist())
    return _difference(key, item(edit.before), after, edit.before.revision)


def _edit_request(edit: Edit[Request]) -> Operation:
    return _edit(edit, request_key(edit.after.practice_id, edit.after.id), request_item)


def _edit_appointment(edit: Edit[Appointment]) -> Operation:
    return _edit(edit, appointment_key(edit.after.practice_id, edit.after.id), appointment_item)


def _edit_write(edit: Edit[PmsWrite]) -> Operation:
    return _edit(edit, write_key(edit.after.practice_id, edit.after.id), write_item)


def _difference(key: Key, before: Item, after: Item, revision: int) -> Operation:
    """Only what changed: an attribute that this version of the code does not know stays as it is."""
    actions: list[Action] = [Path([name]).set(value) for name, value in after.items() if before.get(name) != value]
    actions += [Path([name]).remove() for name in before if name not in after]
    return UpdateItem(key, actions, Path("revision") == revision)


def _tally(edit: Edit[Request]) -> Iterator[_WriteStep]:
    steps = tally_delta(edit.before, edit.after)
    if steps:
        actions = [Path([column]).add(step) for column, step in steps.items()]
        yield UpdateItem(cohort_key(edit.after.practice_id, cohort(edit.after)), actions), None


def _sheets(change: ChangeSet) -> Iterator[_WriteStep]:
    """Take the appointments off the sheets they leave and write them on those they now stand on.

    A checked sheet must be as it was seen; the others follow the PMS, whatever stands on them. Where an appointment
    keeps its time (another practitioner, the same chair), that sheet still says since when.
    """
    edits = [edit for edit in (change.appointment, change.alias) if edit]
    actions: dict[SheetKey, list[Action]] = {}
    for edit in edits:
        before, after = edit.before.occupies if edit.before else None, edit.after.occupies
        if before == after:
            continue
        attribute = Path([busy_attribute(edit.after.id)])
        for key in dict.fromkeys(key for slot in (before, after) if slot for key in sheet_keys(slot)):
            stays = busy_time_on(key, after, change.stamp.at)
            stood = busy_time_on(key, before, change.stamp.at)
            if stays and stood and stays.slot == stood.slot:
                continue
            action = attribute.set(encode(stays.model_dump())) if stays else attribute.remove()
            actions.setdefault(key, []).append(action)
    versions = {sheet.key: sheet.version for sheet in change.checked}
    for key, changes in actions.items():
        condition = is_unchanged(versions[key]) if key in versions else None
        place = sheet_key(edits[0].after.practice_id, key)
        yield UpdateItem(place, [*changes, Path("version").add(1)], condition), key


def is_unchanged(version: int) -> Condition:
    """That a day sheet is as it was seen."""
    return (Path("version") == version) if version else Path("version").does_not_exist()


def _email(email: Email) -> Operation:
    return PutItem(Table.OUTBOX, email_item(email), Path("outbox_id").does_not_exist())
