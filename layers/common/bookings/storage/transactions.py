"""A change set as one DynamoDB transaction, and what stands in storage where a condition failed."""

from collections.abc import Callable, Container, Iterator
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from bookings.domain.change_set import ChangeSet, Edit, StaleSnapshot, Versioned, new_history_entry
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.idempotency import IdempotencyRecord
from bookings.domain.kernel.rate_limit import RateLimit
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.reporting.tally import cohort, tally_delta
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey, busy_times
from bookings.storage import schema
from bookings.storage.codec import Item, encode
from bookings.storage.dynamodb import (
    ConditionFailed,
    DynamoDb,
    LimitExceeded,
    Operation,
    PutItem,
    UpdateItem,
    not_exists,
)
from bookings.storage.items import (
    RATE_LIMIT_COUNT,
    appointment_item,
    busy_attribute,
    cohort_actions,
    cohort_item_key,
    email_item,
    history_item,
    idempotency_item,
    rate_limit_actions,
    rate_limit_item_key,
    request_item,
    sheet_item_key,
    to_appointment,
    to_idempotency_record,
    to_request,
    to_sheet,
    to_write,
    write_item,
)
from bookings.storage.schema import KeySchema

_MATCH_KEY_NAMES = frozenset(name for index in schema.MATCH_KEYS for name in index.names)

_PATIENT_KEY_NAMES = frozenset({schema.REQUESTS_BY_PATIENT.partition})

_WriteStep = tuple[Operation, Request | Appointment | IdempotencyRecord | PmsWrite | RateLimit | SheetKey | None]
"""An operation, and the entity that its condition guards."""


def commit(database: DynamoDb, change: ChangeSet) -> None:
    """Write all of the change set or nothing.

    Raises StaleSnapshot with what is stored now if a condition failed, and Invalid if a day sheet or another item is
    full for good.
    """
    steps = list(_steps(change))
    try:
        database.write([operation for operation, _ in steps])
    except ConditionFailed as failure:
        raise _stale_snapshot(steps, failure) from None
    except LimitExceeded as limit:
        raise _full_sheet(steps, limit) from limit


def commit_with(database: DynamoDb, first: Operation, change: ChangeSet) -> bool:
    """Write this operation and the change set, or nothing.

    False if the condition of the operation failed; raises StaleSnapshot if only one of the change set did.
    """
    steps = list(_steps(change))
    try:
        database.write([first, *(operation for operation, _ in steps)])
    except ConditionFailed as failure:
        if 0 in failure.standing:
            return False
        raise _stale_snapshot([(first, None), *steps], failure) from None
    return True


def put_idempotency_record(record: IdempotencyRecord, now: datetime) -> Operation:
    """Keep the record, unless one of its id is stored that has not expired."""
    free = not_exists(schema.DELIVERIES) | (Path("expires_at") < int(now.timestamp()))
    return PutItem(schema.DELIVERIES, idempotency_item(record), free)


def put_email(email: Email) -> Operation:
    """Add the e-mail to the outbox."""
    return PutItem(schema.OUTBOX, email_item(email), not_exists(schema.OUTBOX))


def is_unchanged(version: int) -> Condition:
    """That a day sheet still has this version; 0 is a sheet that is not stored."""
    return (Path("version") == version) if version else Path("version").does_not_exist()


def _steps(change: ChangeSet) -> Iterator[_WriteStep]:
    yield from _call_steps(change)
    if change.request:
        edit = _edit(change.request, schema.REQUESTS, request_item, rewritten=_PATIENT_KEY_NAMES)
        yield edit, change.request.after
        if change.request.is_new_revision:
            yield PutItem(schema.HISTORY, history_item(new_history_entry(change, change.request))), None
        yield from _tally(change.request)
    yield from _appointments(change)
    yield from _sheets(change)
    if change.email:
        yield put_email(change.email), None
    for write in change.pms_writes:
        yield _edit(write, schema.PMS_WRITES, write_item), write.after


def _appointments(change: ChangeSet) -> Iterator[_WriteStep]:
    if change.appointment:
        edit = _edit(change.appointment, schema.APPOINTMENTS, appointment_item, rewritten=_MATCH_KEY_NAMES)
        yield edit, change.appointment.after
    for other in (change.alias, change.former_appointment):
        if other:
            yield _edit(other, schema.APPOINTMENTS, appointment_item), None


def _call_steps(change: ChangeSet) -> Iterator[_WriteStep]:
    """What concerns the call that makes the change, whatever it changes."""
    if change.idempotency_record:
        yield put_idempotency_record(change.idempotency_record, change.stamp.at), change.idempotency_record
    if change.rate_limit:
        yield _count(change.rate_limit), change.rate_limit


def _stale_snapshot(steps: list[_WriteStep], failure: ConditionFailed) -> StaleSnapshot:
    stale = StaleSnapshot()
    sheets: dict[SheetKey, DaySheet] = {}
    for index, item in failure.standing.items():
        match steps[index][1]:
            case Request():
                stale.request = to_request(item) if item else None
            case Appointment():
                stale.appointment = to_appointment(item) if item else None
            case IdempotencyRecord():
                stale.idempotency_record = to_idempotency_record(item)
            case PmsWrite() as write:
                stale.pms_writes = {**stale.pms_writes, write.id: to_write(item)}
            case RateLimit():
                stale.is_over_limit = True
            case SheetKey() as key:
                sheets[key] = to_sheet(key, item)
    stale.sheets = sheets
    return stale


def _full_sheet(steps: list[_WriteStep], limit: LimitExceeded) -> Invalid:
    """The refusal that names the chair or practitioner whose day is full; the limit itself if no day is."""
    named = [steps[limit.index][1]] if limit.index is not None else [entity for _, entity in steps]
    sheets = [entity for entity in named if isinstance(entity, SheetKey)]
    if not sheets:
        return limit.refusal
    message = "has more appointments on {:%Y-%m-%d} than can be kept (400 KB); delete or cancel some of them"
    return Invalid(
        [{"field": f"{key.resource.kind}_id", "message": message.format(key.day)} for key in sheets],
    )


def _edit(
    edit: Edit[Versioned], keys: KeySchema, to_item: Callable[[Versioned], Item], rewritten: Container[str] = ()
) -> Operation:
    """Create the entity where there is none, or change it if it still has the revision that was read.

    The `rewritten` attributes are set even if they stay the same, because an older version of the code left them out.
    """
    after = to_item(edit.after)
    if edit.before is None:
        return PutItem(keys, after, not_exists(keys))
    before = to_item(edit.before)
    # Only what changed: attributes that this version of the code does not know stay as they are.
    changed = {name: value for name, value in after.items() if before.get(name) != value or name in rewritten}
    actions: list[Action] = [Path([name]).set(value) for name, value in changed.items()]
    actions += [Path([name]).remove() for name in before if name not in after]
    if not actions:  # a transaction has no update without one
        actions = [Path("revision").set(edit.before.revision)]
    key = keys.key(edit.after.practice_id, edit.after.id)
    unchanged = Path("revision") == edit.before.revision
    if isinstance(edit.before, Request):
        unchanged &= _is_last_notification(edit.before)
    return UpdateItem(key, actions, unchanged)


def _is_last_notification(request: Request) -> Condition:
    """That no other e-mail was claimed since the request was read. A claim makes no new revision."""
    path = Path(["last_notification", "outbox_id"])
    told = request.last_notification
    return (path == told.outbox_id) if told else path.does_not_exist()


def _count(limit: RateLimit) -> Operation:
    count = Path(RATE_LIMIT_COUNT)
    is_left = count.does_not_exist() | (count < limit.limit)
    return UpdateItem(rate_limit_item_key(limit), rate_limit_actions(limit), is_left)


def _tally(edit: Edit[Request]) -> Iterator[_WriteStep]:
    delta = tally_delta(edit.before, edit.after)
    if delta:
        counted = cohort(edit.after)
        actions = [Path([column]).add(step) for column, step in delta.items()]
        yield UpdateItem(cohort_item_key(edit.after.practice_id, counted), [*actions, *cohort_actions(counted)]), None


def _sheets(change: ChangeSet) -> Iterator[_WriteStep]:
    """Remove the appointments from the sheets that they leave, and add them to the sheets that they enter.

    A checked sheet must have the version that was read; the others follow the PMS unconditionally. Where an appointment
    keeps its time on a sheet (another practitioner, the same chair), that sheet is not written: `since` stays.
    """
    edits = [edit for edit in (change.appointment, change.alias) if edit]
    actions: dict[SheetKey, list[Action]] = {}
    for edit in edits:
        before = busy_times(edit.before.busy_slots) if edit.before else {}
        after = busy_times(edit.after.busy_slots, since=change.stamp.at)
        attribute = Path([busy_attribute(edit.after.id)])
        for key in dict.fromkeys((*before, *after)):
            old, new = before.get(key), after.get(key)
            if new and old and new.slot == old.slot:
                continue
            action = attribute.set(encode(new.model_dump())) if new else attribute.remove()
            actions.setdefault(key, []).append(action)
    versions = {sheet.key: sheet.version for sheet in change.checked_sheets}
    for key, changes in actions.items():
        condition = is_unchanged(versions[key]) if key in versions else None
        item_key = sheet_item_key(edits[0].after.practice_id, key)
        yield UpdateItem(item_key, [*changes, Path("version").add(1)], condition), key
