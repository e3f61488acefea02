"""Why requests do not fit: what repeats itself is told to the front desk, until somebody has seen to it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from bookings.domain.insights.finding import Finding, FindingMark, Findings, detect_findings
from bookings.domain.kernel.errors import Invalid, NotFound
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.practice.practice import Practice
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import BookingStore, FindingStore, PracticeRepository

MAX_FINDING_DAYS = 400
DEFAULT_FINDING_DAYS = 90


@dataclass(frozen=True)
class FindingsOfPeriod:
    """What the requests received on these days show, both included."""

    practice: Practice
    first_day: date
    last_day: date
    findings: Findings


def list_findings(
    practices: PracticeRepository,
    bookings: BookingStore,
    store: FindingStore,
    practice_id: str,
    days: tuple[date | None, date | None],
    now: datetime,
) -> FindingsOfPeriod:
    """The findings of the days; without a first or a last day, of the 90 until the last, or until today."""
    practice = get_practice(practices, practice_id)
    last_day = days[1] or now.astimezone(practice.zone).date()
    first_day = days[0] or last_day - timedelta(days=DEFAULT_FINDING_DAYS - 1)
    if not 0 <= (last_day - first_day).days <= MAX_FINDING_DAYS:
        raise Invalid.field("to", f"must be at most {MAX_FINDING_DAYS} days after from, and not before it")
    return FindingsOfPeriod(
        practice, first_day, last_day, _findings_of(bookings, store, practice.id, first_day, last_day)
    )


def _findings_of(
    bookings: BookingStore, store: FindingStore, practice_id: str, first_day: date, last_day: date
) -> Findings:
    """What is found in the requests received on these days. One round trip."""
    days = practice_id, first_day, last_day
    tallies, (misfits, handled) = bookings.run_both(
        partial(bookings.tallies, *days),
        lambda: bookings.run_both(partial(store.misfits, *days), partial(store.marks, practice_id)),
    )
    return detect_findings(tallies, misfits, handled)


def mark_finding_handled(
    practices: PracticeRepository,
    bookings: BookingStore,
    store: FindingStore,
    practice_id: str,
    finding_id: str,
    days: tuple[date | None, date | None],
    idempotency_key: IdempotencyKey,
    stamp: Stamp,
) -> tuple[Practice, FindingMark]:
    """Mark a finding of these days as seen to; one that somebody has seen to before, and that is silent, stays so.

    Raises NotFound for what is no finding.
    """
    if idempotency_record := store.idempotency_record(idempotency_key.idempotency_record_id):
        return get_practice(practices, practice_id), idempotency_key.replay(idempotency_record, FindingMark)
    shown = list_findings(practices, bookings, store, practice_id, days, stamp.at)
    fresh = next((_handled(shown, one, stamp) for one in shown.findings.items if one.id == finding_id), None)
    mark = fresh or next((one for one in shown.findings.handled if one.finding.id == finding_id), None)
    if mark is None:
        raise NotFound("finding")
    standing = store.save_mark(mark, idempotency_key.idempotency_record(mark, stamp.at), stamp.at)
    return shown.practice, idempotency_key.replay(standing, FindingMark)


def _handled(shown: FindingsOfPeriod, finding: Finding, stamp: Stamp) -> FindingMark:
    return FindingMark(
        practice_id=shown.practice.id,
        finding_id=finding.id,
        day=stamp.at.astimezone(shown.practice.zone).date(),
        at=stamp.at,
        by=stamp.by,
        by_name=stamp.by_name,
        finding=finding,
    )
