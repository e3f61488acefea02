"""List findings, the repeated causes of misfits, and mark a finding as handled."""

from datetime import date, datetime, timedelta
from functools import partial

from bookings.domain.insights.detect_findings import DEFAULT_FINDING_DAYS, detect_findings
from bookings.domain.insights.finding import Finding, FindingMark, Findings, FindingsOfPeriod
from bookings.domain.kernel.errors import Invalid, NotFound
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.practice.practice import Practice
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import BookingStore, MisfitStore, PracticeRepository

MAX_FINDING_DAYS = 400


def list_findings(
    practices: PracticeRepository,
    bookings: BookingStore,
    store: MisfitStore,
    practice_id: str,
    days: tuple[date | None, date | None],
    now: datetime,
) -> FindingsOfPeriod:
    """The findings of these days. The default is DEFAULT_FINDING_DAYS up to the last day, and up to today."""
    practice = get_practice(practices, practice_id)
    last_day = days[1] or now.astimezone(practice.zone).date()
    first_day = days[0] or last_day - timedelta(days=DEFAULT_FINDING_DAYS - 1)
    if not 0 <= (last_day - first_day).days <= MAX_FINDING_DAYS:
        raise Invalid.field("to", f"must be on or after `from`, and at most {MAX_FINDING_DAYS} days later")
    findings = _detect(bookings, store, practice.id, first_day, last_day)
    return FindingsOfPeriod(practice, first_day, last_day, findings)


def _detect(bookings: BookingStore, store: MisfitStore, practice_id: str, first_day: date, last_day: date) -> Findings:
    """The findings among the requests received on these days. Takes one round trip."""
    days = practice_id, first_day, last_day
    tallies, (misfits, handled) = bookings.run_both(
        partial(bookings.tallies, *days),
        lambda: bookings.run_both(partial(store.misfits, *days), partial(store.marks, practice_id)),
    )
    return detect_findings(tallies, misfits, handled)


def mark_finding_handled(
    practices: PracticeRepository,
    bookings: BookingStore,
    store: MisfitStore,
    practice_id: str,
    finding_id: str,
    days: tuple[date | None, date | None],
    idempotency_key: IdempotencyKey,
    stamp: Stamp,
) -> tuple[Practice, FindingMark]:
    """Mark a finding of these days as handled. A finding that is already marked keeps its mark.

    Raises NotFound if there is no such finding on these days.
    """
    if idempotency_record := store.idempotency_record(idempotency_key.idempotency_record_id):
        return get_practice(practices, practice_id), idempotency_key.replay(idempotency_record, FindingMark)
    period = list_findings(practices, bookings, store, practice_id, days, stamp.at)
    mark = _mark_for(finding_id, period, stamp)
    if mark is None:
        raise NotFound("finding")
    stored_record = store.save_mark(mark, idempotency_key.idempotency_record(mark, stamp.at), stamp.at)
    return period.practice, idempotency_key.replay(stored_record, FindingMark)


def _mark_for(finding_id: str, period: FindingsOfPeriod, stamp: Stamp) -> FindingMark | None:
    """A new mark for an open finding, or the present mark of a handled one; None if there is no such finding."""
    for finding in period.findings.items:
        if finding.id == finding_id:
            return _new_mark(finding, period.practice, stamp)
    return next((mark for mark in period.findings.handled if mark.finding.id == finding_id), None)


def _new_mark(finding: Finding, practice: Practice, stamp: Stamp) -> FindingMark:
    return FindingMark(
        practice_id=practice.id,
        finding_id=finding.id,
        day=stamp.at.astimezone(practice.zone).date(),
        at=stamp.at,
        by=stamp.by,
        by_name=stamp.by_name,
        finding=finding,
    )
