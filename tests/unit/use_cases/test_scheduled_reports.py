"""Scheduled reports are enqueued and built once per period."""

from datetime import date, datetime, timedelta

import pytest

from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.insights.report_content import GROUPINGS, ReportContent
from bookings.domain.outbox.email import EmailKind
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.scheduled_report import REPORT_LEASE, ReportPeriod, ScheduledReport
from bookings.use_cases.scheduled_reports import build_report, enqueue_due_reports
from tests.support.builders import NOW, a_misfit, a_practice
from tests.support.in_memory.misfit_store import InMemoryMisfitStore
from tests.support.in_memory.report_queue import InMemoryReportQueue
from tests.support.in_memory.report_repository import InMemoryReportRepository
from tests.support.practice_harness import PracticeHarness

MORNING = NOW
"""Ten o'clock in Vancouver, so six o'clock has passed."""

YESTERDAY = ReportPeriod(cadence="daily", first_day=date(2026, 6, 30), last_day=date(2026, 6, 30))


class RecordingPublisher:
    """A PublishReport that records, or fails."""

    def __init__(self) -> None:
        self.published: list[str] = []
        self.fails = False

    def __call__(self, report: ScheduledReport, practice: Practice, parts: ReportContent) -> None:
        if self.fails:
            raise ConnectionError
        assert set(parts.by) == set(GROUPINGS)
        assert parts.whole.practice_id == practice.id == report.practice_id
        self.published.append(report.folder)
        self.parts = parts


class ReportHarness:
    """A practice with a manager, and what builds its reports."""

    def __init__(self, **fields: object) -> None:
        self.practice_harness = PracticeHarness(
            a_practice(**{"report_recipients": ("boss@harbour.example",), **fields})
        )
        self.reports = InMemoryReportRepository(self.practice_harness.practice)
        self.publisher = RecordingPublisher()
        self.findings = InMemoryMisfitStore()

    def build(self, now: datetime = MORNING, period: ReportPeriod = YESTERDAY) -> ScheduledReport | None:
        practice = self.practice_harness
        return build_report(
            practice.practices,
            practice.bookings,
            self.findings,
            self.reports,
            self.publisher,
            practice.practice.id,
            period,
            now,
        )


def test_a_report_is_built_published_and_emailed_to_managers() -> None:
    harness = ReportHarness()
    harness.practice_harness.accept(harness.practice_harness.request())
    built = harness.build(period=YESTERDAY.model_copy(update={"last_day": date(2026, 7, 1)}))
    assert built
    assert built.headline
    assert (built.headline.received, built.headline.accepted, built.headline.gross_conversion) == (1, 1, 1.0)
    (email,) = harness.reports.emails
    assert (email.kind, email.report) == (EmailKind.REPORT, built)
    assert harness.publisher.published == [built.folder]


def test_findings_use_more_days_than_the_reports_period() -> None:
    harness = ReportHarness()
    harness.practice_harness.accept(harness.practice_harness.request(received_at=NOW - timedelta(days=40)))
    harness.build()
    whole = harness.publisher.parts.whole
    assert (whole.totals.received, whole.previous.totals.received) == (0, 0)
    assert harness.publisher.parts.shown.findings.requests == 1


def test_a_report_is_built_once() -> None:
    harness = ReportHarness()
    assert harness.build()
    assert harness.build() is None
    assert harness.build(MORNING + timedelta(days=1)) is None
    assert len(harness.reports.emails) == len(harness.publisher.published) == 1


def test_a_failed_build_is_repeated_after_its_lease() -> None:
    harness = ReportHarness()
    harness.publisher.fails = True
    with pytest.raises(ConnectionError):
        harness.build()
    harness.publisher.fails = False
    assert harness.build(MORNING + REPORT_LEASE) is None
    assert harness.build(MORNING + REPORT_LEASE + timedelta(seconds=1))
    assert len(harness.reports.emails) == 1


def test_without_recipients_a_report_is_built_and_not_emailed() -> None:
    harness = ReportHarness(report_recipients=())
    assert harness.build()
    assert harness.reports.emails == []


def test_every_practices_report_is_enqueued_once_a_morning() -> None:
    practices = [a_practice(timezone=name) for name in ("America/Vancouver", "America/Toronto", "Pacific/Kiritimati")]
    reports, queue = InMemoryReportRepository(*practices), InMemoryReportQueue()
    assert enqueue_due_reports(reports, queue, MORNING) == 5  # 2 July in Kiritimati; 1 July, with June, elsewhere
    assert enqueue_due_reports(reports, queue, MORNING) == 0
    days = {practice_id: period.last_day for practice_id, period in queue.enqueued}
    assert [days[one.id] for one in practices] == [date(2026, 6, 30), date(2026, 6, 30), date(2026, 7, 1)]


def test_a_failed_run_is_repeated_by_the_next() -> None:
    reports, queue = InMemoryReportRepository(a_practice()), InMemoryReportQueue()
    queue.is_broken = True
    with pytest.raises(ConnectionError):
        enqueue_due_reports(reports, queue, MORNING)
    queue.is_broken = False
    assert enqueue_due_reports(reports, queue, MORNING) == 2


def test_missed_days_are_enqueued_later() -> None:
    reports, queue = InMemoryReportRepository(a_practice()), InMemoryReportQueue()
    enqueue_due_reports(reports, queue, MORNING)
    queue.enqueued.clear()
    enqueue_due_reports(reports, queue, MORNING + timedelta(days=3))
    daily = [period.last_day.day for _, period in queue.enqueued if period.cadence == "daily"]
    assert daily == [1, 2, 3]


def test_all_pages_of_the_directory_are_enqueued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bookings.use_cases.scheduled_reports.REPORTS_PAGE_SIZE", 2)
    practices = [a_practice() for _ in range(5)]
    queue = InMemoryReportQueue()
    enqueue_due_reports(InMemoryReportRepository(*practices), queue, MORNING)
    assert {name for name, _ in queue.enqueued} == {one.id for one in practices}


def test_a_report_has_causes_of_its_period_and_findings_of_90_days() -> None:
    harness = ReportHarness()
    for days in (0, 30, 89, 90):
        day = YESTERDAY.last_day - timedelta(days=days)
        harness.findings.save_misfit(a_misfit(practice_id=harness.practice_harness.practice.id, day=day))
    assert harness.build()
    assert harness.publisher.parts.causes == {Cause.SLOT_TAKEN: 1}
    assert harness.publisher.parts.shown.findings.misfits == 3
