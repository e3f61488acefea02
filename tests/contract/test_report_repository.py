"""Scheduled reports in storage: claimed by one builder, finished once, listed newest first."""

from datetime import date, timedelta
from typing import Any

import pytest

from bookings.domain.kernel.ids import new_id
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.reporting.scheduled_report import REPORT_LEASE, Headline, ReportPeriod, ScheduledReport
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.storage.report_repository import DynamoReportRepository
from tests.support.builders import NOW, a_practice
from tests.support.dynamodb_engines import Engine


@pytest.fixture
def reports(dynamodb_engine: Engine) -> DynamoReportRepository:
    return DynamoReportRepository(dynamodb_engine.connect())


PRACTICE_ID = a_practice().id


def a_report(last: date = date(2026, 6, 30), **fields: Any) -> ScheduledReport:
    period = ReportPeriod(cadence="daily", first_day=last, last_day=last)
    known = {
        "practice_id": PRACTICE_ID,
        "report_id": period.report_id,
        "period": period,
        "lease_until": NOW + REPORT_LEASE,
    }
    return ScheduledReport(**{**known, "attempt_id": new_id("try", NOW), **fields})


def built(report: ScheduledReport) -> ScheduledReport:
    headline = Headline(received=3, accepted=2, gross_conversion=0.6667, previous_gross_conversion=None)
    return report.model_copy(update={"built_at": NOW, "headline": headline})


def an_email(report: ScheduledReport) -> Email:
    return Email(
        outbox_id=new_id("mail", NOW),
        practice_id=report.practice_id,
        kind=EmailKind.REPORT,
        report=report,
        correlation_id="r",
        due_at=NOW,
    )


def test_a_report_is_claimed_by_one_builder_until_its_lease_expires(reports: DynamoReportRepository) -> None:
    first, second = a_report(date(2026, 1, 1)), a_report(date(2026, 1, 1))
    late = a_report(date(2026, 1, 1), lease_until=NOW + REPORT_LEASE + REPORT_LEASE + timedelta(seconds=1))
    assert [reports.claim(one) for one in (first, second, late)] == [True, False, True]
    assert reports.finish(built(first), None) is False
    assert reports.finish(built(late), None) is True
    assert reports.claim(a_report(date(2026, 1, 1), lease_until=NOW + timedelta(days=9))) is False


def test_a_report_and_its_email_are_stored_together_or_not_at_all(
    reports: DynamoReportRepository, dynamodb_engine: Engine
) -> None:
    report, emails = a_report(date(2026, 1, 2)), DynamoEmailRepository(dynamodb_engine.connect())
    reports.claim(report)
    kept, lost = an_email(built(report)), an_email(built(report))
    assert reports.finish(built(report), kept)
    assert not reports.finish(built(report), lost)
    assert emails.get(kept.outbox_id) == kept
    assert emails.get(lost.outbox_id) is None


def test_reports_of_the_practice_are_listed_newest_first(reports: DynamoReportRepository) -> None:
    mine = [a_report(date(2026, 3, day), practice_id="prac_list") for day in (9, 10, 11)]
    for report in (*mine, a_report(practice_id="prac_other")):
        reports.claim(report)
    assert reports.newest("prac_list", 2) == [mine[2], mine[1]]


def test_enqueued_mornings_are_kept_per_zone(reports: DynamoReportRepository) -> None:
    reports.mark_enqueued("America/Vancouver", date(2026, 7, 1))
    reports.mark_enqueued("America/Vancouver", date(2026, 7, 2))
    reports.mark_enqueued("America/Toronto", date(2026, 7, 3))
    assert reports.enqueued_mornings() == {"America/Vancouver": date(2026, 7, 2), "America/Toronto": date(2026, 7, 3)}


def test_the_directory_lists_practices_with_zones_page_by_page(
    reports: DynamoReportRepository, dynamodb_engine: Engine
) -> None:
    practices = DynamoPracticeRepository(dynamodb_engine.connect(), 0)
    known = sorted(
        (one.id, one.timezone) for one in (a_practice(), a_practice(timezone="America/Toronto"), a_practice())
    )
    for practice_id, zone in known:
        practices.save(a_practice(id=practice_id, timezone=zone))
    assert reports.next_practices("", 2) == known[:2]
    assert reports.next_practices(known[1][0], 2) == known[2:]
