"""Reports by the clock: each period once, whatever happens on the way."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.outbox.email import Letter, LetterKind
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.scheduled_report import LEASE, GeneratedReport, ReportPeriod
from bookings.use_cases import scheduled_reports
from bookings.use_cases.scheduled_reports import Parts
from tests.builders import NOW, a_misfit, a_practice
from tests.fake_findings import FakeFindings
from tests.unit.use_cases.house import House

MORNING = NOW
"""Ten o'clock in Vancouver: six has passed."""

YESTERDAY = ReportPeriod(cadence="daily", first_day=date(2026, 6, 30), last_day=date(2026, 6, 30))


class FakeReports:
    """Generated reports in memory, under the same conditions as the table's."""

    def __init__(self, *practices: Practice) -> None:
        self.directory = sorted((one.id, one.timezone) for one in practices)
        self.marks: dict[str, date] = {}
        self.rows: dict[tuple[str, str], GeneratedReport] = {}
        self.letters: list[Letter] = []

    def practices_after(self, practice_id: str, limit: int) -> list[tuple[str, str]]:
        return [one for one in self.directory if one[0] > practice_id][:limit]

    def planned(self) -> dict[str, date]:
        return dict(self.marks)

    def mark_planned(self, zone: str, morning: date) -> None:
        self.marks[zone] = morning

    def claim(self, report: GeneratedReport) -> bool:
        standing = self.rows.get((report.practice_id, report.report_id))
        if standing and (standing.built_at or standing.lease_until >= report.lease_until - LEASE):
            return False
        self.rows[report.practice_id, report.report_id] = report
        return True

    def finish(self, report: GeneratedReport, letter: Letter | None) -> bool:
        standing = self.rows[report.practice_id, report.report_id]
        if standing.built_at or standing.attempt_id != report.attempt_id:
            return False
        self.rows[report.practice_id, report.report_id] = report
        self.letters += [letter] if letter else []
        return True

    def newest(self, practice_id: str, limit: int) -> list[GeneratedReport]:
        found = [one for (of, _), one in sorted(self.rows.items(), reverse=True) if of == practice_id]
        return found[:limit]


class FakeQueue:
    """A queue that keeps what it was asked for; it may break after some practices."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ReportPeriod]] = []
        self.breaks = False

    def ask_for(self, wanted: Sequence[tuple[str, ReportPeriod]]) -> None:
        if self.breaks:
            raise ConnectionError
        self.asked += wanted


class Press:
    """Publishes, or dies while it does."""

    def __init__(self) -> None:
        self.published: list[str] = []
        self.dies = False

    def __call__(self, report: GeneratedReport, practice: Practice, parts: Parts) -> None:
        if self.dies:
            raise ConnectionError
        assert set(parts.by) == set(scheduled_reports.PARTS)
        assert parts.whole.practice_id == practice.id == report.practice_id
        self.published.append(report.folder)
        self.parts = parts


class Office:
    """A practice with a manager, and everything that makes its reports."""

    def __init__(self, **told: object) -> None:
        self.house = House(a_practice(**{"report_recipients": ("boss@harbour.example",), **told}))
        self.reports = FakeReports(self.house.practice)
        self.press = Press()
        self.findings = FakeFindings()

    def build(self, now: datetime = MORNING, period: ReportPeriod = YESTERDAY) -> GeneratedReport | None:
        house = self.house
        return scheduled_reports.build(
            house.practices,
            house.bookings,
            self.findings,
            self.reports,
            self.press,
            house.practice.id,
            period,
            now,
        )


def test_a_report_is_built_published_and_told_to_the_managers() -> None:
    office = Office()
    office.house.accept(office.house.request())
    built = office.build(period=YESTERDAY.model_copy(update={"last_day": date(2026, 7, 1)}))
    assert built
    assert built.headline
    assert (built.headline.received, built.headline.accepted, built.headline.gross_conversion) == (1, 1, 1.0)
    (letter,) = office.reports.letters
    assert (letter.kind, letter.report) == (LetterKind.REPORT, built)
    assert office.press.published == [built.folder]


def test_findings_look_further_back_than_any_figure_of_the_report() -> None:
    office = Office()
    office.house.accept(office.house.request(received_at=NOW - timedelta(days=40)))
    office.build()
    whole = office.press.parts.whole
    assert (whole.totals.received, whole.previous.totals.received) == (0, 0)
    assert office.press.parts.shown.findings.requests == 1


def test_fired_twice_it_is_built_once() -> None:
    office = Office()
    assert office.build()
    assert office.build() is None
    assert office.build(MORNING + timedelta(days=1)) is None
    assert len(office.reports.letters) == len(office.press.published) == 1


def test_a_builder_that_dies_is_followed_by_another_when_its_lease_has_run_out() -> None:
    office = Office()
    office.press.dies = True
    with pytest.raises(ConnectionError):
        office.build()
    office.press.dies = False
    assert office.build(MORNING + LEASE) is None
    assert office.build(MORNING + LEASE + timedelta(seconds=1))
    assert len(office.reports.letters) == 1


def test_without_a_manager_to_tell_the_report_is_there_all_the_same() -> None:
    office = Office(report_recipients=())
    assert office.build()
    assert office.reports.letters == []


def test_every_practice_is_asked_for_once_a_morning() -> None:
    practices = [a_practice(timezone=name) for name in ("America/Vancouver", "America/Toronto", "Pacific/Kiritimati")]
    reports, queue = FakeReports(*practices), FakeQueue()
    assert scheduled_reports.plan(reports, queue, MORNING) == 5  # 2 July in Kiritimati; 1 July, with June, elsewhere
    assert scheduled_reports.plan(reports, queue, MORNING) == 0
    days = {practice_id: period.last_day for practice_id, period in queue.asked}
    assert [days[one.id] for one in practices] == [date(2026, 6, 30), date(2026, 6, 30), date(2026, 7, 1)]


def test_a_planner_that_dies_is_followed_by_one_that_asks_again() -> None:
    reports, queue = FakeReports(a_practice()), FakeQueue()
    queue.breaks = True
    with pytest.raises(ConnectionError):
        scheduled_reports.plan(reports, queue, MORNING)
    queue.breaks = False
    assert scheduled_reports.plan(reports, queue, MORNING) == 2


def test_after_days_without_a_planner_each_day_gets_its_report() -> None:
    reports, queue = FakeReports(a_practice()), FakeQueue()
    scheduled_reports.plan(reports, queue, MORNING)
    queue.asked.clear()
    scheduled_reports.plan(reports, queue, MORNING + timedelta(days=3))
    daily = [period.last_day.day for _, period in queue.asked if period.cadence == "daily"]
    assert daily == [1, 2, 3]


def test_a_page_of_the_directory_after_the_other_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduled_reports, "AT_ONCE", 2)
    practices = [a_practice() for _ in range(5)]
    queue = FakeQueue()
    scheduled_reports.plan(FakeReports(*practices), queue, MORNING)
    assert {name for name, _ in queue.asked} == {one.id for one in practices}


def test_a_report_tells_the_causes_of_its_days_and_the_findings_of_the_90_until_its_last() -> None:
    office = Office()
    for days in (0, 30, 89, 90):
        day = YESTERDAY.last_day - timedelta(days=days)
        office.findings.note(a_misfit(practice_id=office.house.practice.id, day=day))
    assert office.build()
    assert office.press.parts.causes == {Cause.SLOT_TAKEN: 1}
    assert office.press.parts.shown.findings.misfits == 3
