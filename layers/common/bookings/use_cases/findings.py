"""Why requests do not fit: what repeats itself is told to the front desk, until somebody has seen to it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

from bookings.domain.change_set import Stamp
from bookings.domain.insights.finding import Finding, Findings, Handled, findings
from bookings.domain.insights.misfit_cause import Misfit
from bookings.domain.kernel.errors import Invalid, NotFound
from bookings.domain.kernel.idempotency import Attempt, Receipt
from bookings.domain.practice.practice import Practice
from bookings.use_cases.optimistic_transaction import practice_of
from bookings.use_cases.ports import Bookings, Practices

LONGEST_PERIOD_DAYS = 400
USUAL_PERIOD_DAYS = 90


class Evidence(Protocol):
    """Misfits, and the marks on findings that somebody has seen to."""

    def misfits(self, practice_id: str, first_day: date, last_day: date) -> list[Misfit]:
        """The misfits among the requests that were received on these days, both included; also those taken back."""

    def handled(self, practice_id: str) -> list[Handled]:
        """The findings that somebody has seen to."""

    def handle(self, mark: Handled, receipt: Receipt, now: datetime) -> Receipt:
        """Keep the mark, in the place of an older one, and the receipt of the call that made it.

        Nothing is kept if the receipt of a call with the same key stands already. Gives the one that stands.
        """

    def receipt(self, receipt_id: str) -> Receipt | None:
        """The receipt of that id."""


@dataclass(frozen=True)
class Shown:
    """What the requests received on these days show, both included."""

    practice: Practice
    first_day: date
    last_day: date
    findings: Findings


def show(
    practices: Practices,
    bookings: Bookings,
    evidence: Evidence,
    practice_id: str,
    days: tuple[date | None, date | None],
    now: datetime,
) -> Shown:
    """The findings of the days; without a first or a last day, of the 90 until the last, or until today."""
    practice = practice_of(practices, practice_id)
    last_day = days[1] or now.astimezone(practice.zone).date()
    first_day = days[0] or last_day - timedelta(days=USUAL_PERIOD_DAYS - 1)
    if not 0 <= (last_day - first_day).days <= LONGEST_PERIOD_DAYS:
        raise Invalid.field("to", f"must be at most {LONGEST_PERIOD_DAYS} days after from, and not before it")
    return Shown(practice, first_day, last_day, found(bookings, evidence, practice.id, first_day, last_day))


def found(bookings: Bookings, evidence: Evidence, practice_id: str, first_day: date, last_day: date) -> Findings:
    """What is found in the requests received on these days. One round trip."""
    days = practice_id, first_day, last_day
    tallies, (misfits, handled) = bookings.beside(
        partial(bookings.tallies, *days),
        lambda: bookings.beside(partial(evidence.misfits, *days), partial(evidence.handled, practice_id)),
    )
    return findings(tallies, misfits, handled)


def handle(
    practices: Practices,
    bookings: Bookings,
    evidence: Evidence,
    practice_id: str,
    finding_id: str,
    days: tuple[date | None, date | None],
    attempt: Attempt,
    stamp: Stamp,
) -> tuple[Practice, Handled]:
    """Mark a finding of these days as seen to; one that somebody has seen to before, and that is silent, stays so.

    Raises NotFound for what is no finding.
    """
    if receipt := evidence.receipt(attempt.receipt_id):
        return practice_of(practices, practice_id), attempt.replay(receipt, Handled)
    shown = show(practices, bookings, evidence, practice_id, days, stamp.at)
    fresh = next((_handled(shown, one, stamp) for one in shown.findings.items if one.id == finding_id), None)
    mark = fresh or next((one for one in shown.findings.handled if one.finding.id == finding_id), None)
    if mark is None:
        raise NotFound("finding")
    standing = evidence.handle(mark, attempt.receipt(mark, stamp.at), stamp.at)
    return shown.practice, attempt.replay(standing, Handled)


def _handled(shown: Shown, finding: Finding, stamp: Stamp) -> Handled:
    return Handled(
        practice_id=shown.practice.id,
        finding_id=finding.id,
        day=stamp.at.astimezone(shown.practice.zone).date(),
        at=stamp.at,
        by=stamp.by,
        by_name=stamp.by_name,
        finding=finding,
    )
