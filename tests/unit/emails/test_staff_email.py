"""E-mails to a practice's staff."""

from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy

import pytest

from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.outbox.email_delivery import Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.scheduled_report import Cadence, Headline, ReportPeriod, ScheduledReport
from bookings.emails.staff_email import MAX_LISTED_REQUESTS, StaffEmailRenderer
from tests.support.email_builders import FRONT_DESK, NOW, SENDER, a_french_practice, a_practice, an_overdue_email


def rendered(email: Email, practice: Practice | None) -> EmailMessage:
    message = StaffEmailRenderer(SENDER, lambda report: f"https://files.example/{report.folder}")(
        email, practice, NOW
    ).message
    return message_from_bytes(message, _class=EmailMessage, policy=default_policy)


def text(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def test_an_overdue_email_in_english() -> None:
    message = rendered(an_overdue_email(2), a_practice(front_desk_recipients=FRONT_DESK))
    assert message["subject"] == "2 booking requests are waiting for an answer – Harbour Dental"
    assert [address.addr_spec for address in message["to"].addresses] == list(FRONT_DESK)
    assert "Your practice wants to answer within 4 hours. This is over for:" in text(message)
    assert (
        "  - Wednesday, July 15, 2026 at 2:30 PM (Vancouver time, UTC−7), "
        "asked Wednesday, July 1, 2026 at 5:00 AM (Vancouver time, UTC−7)"
    ) in text(message)


def test_an_overdue_email_in_french() -> None:
    practice = a_french_practice().model_copy(update={"front_desk_recipients": FRONT_DESK})
    message = rendered(an_overdue_email(1, practice), practice)
    assert message["subject"] == "1 demande de rendez-vous attend une réponse – Clinique Saint-Laurent"
    assert "en moins de 4 heures" in text(message)
    assert message["content-language"] == "fr"


def test_an_overdue_email_lists_some_requests_and_counts_the_others() -> None:
    message = rendered(an_overdue_email(MAX_LISTED_REQUESTS + 3), a_practice(front_desk_recipients=FRONT_DESK))
    assert text(message).count("  - Wednesday") == MAX_LISTED_REQUESTS
    assert "and 3 more" in text(message)
    assert text(message, "html").count("<li") == MAX_LISTED_REQUESTS + 1


def test_without_front_desk_recipients_managers_get_overdue_emails() -> None:
    message = rendered(an_overdue_email(), a_practice(report_recipients=("boss@harbour.example",)))
    assert message["to"] == "boss@harbour.example"


@pytest.mark.parametrize("practice", [None, a_practice()])
def test_an_email_without_recipients_is_undeliverable(practice: Practice | None) -> None:
    with pytest.raises(Undeliverable):
        rendered(an_overdue_email(), practice)


def test_a_line_break_in_the_practices_name_adds_no_header() -> None:
    message = rendered(
        an_overdue_email(), a_practice(name="Harbour\r\nBcc: x@y.example", front_desk_recipients=FRONT_DESK)
    )
    assert message["bcc"] is None


BOSS = ("boss@harbour.example",)


def a_report_email(cadence: Cadence = "daily", first: date = date(2026, 6, 30)) -> Email:
    report = ScheduledReport(
        practice_id="prac_harbour",
        report_id=f"2026-06-30-{cadence}",
        period=ReportPeriod(cadence=cadence, first_day=first, last_day=date(2026, 6, 30)),
        attempt_id="try_1",
        lease_until=NOW,
        built_at=NOW,
        headline=Headline(received=9, accepted=7, gross_conversion=0.875, previous_gross_conversion=None),
    )
    return an_overdue_email().model_copy(update={"kind": EmailKind.REPORT, "overdue": None, "report": report})


def test_a_report_email_has_the_headline_figures_and_a_link() -> None:
    message = rendered(a_report_email(), a_practice(report_recipients=BOSS))
    assert message["subject"] == "Online scheduling on Tuesday, June 30, 2026 – Harbour Dental"
    assert message["to"] == "boss@harbour.example"
    assert "7 of 9 requests became appointments." in text(message)
    assert "Conversion: 88%" in text(message)
    assert "In the equal period before" not in text(message)
    for kind in ("plain", "html"):
        assert "https://files.example/prac_harbour/2026-06-30-daily" in text(message, kind)


def test_a_monthly_report_email_names_its_days_in_french_too() -> None:
    practice = a_french_practice().model_copy(update={"report_recipients": BOSS})
    message = rendered(a_report_email("monthly", date(2026, 6, 1)), practice)
    assert message["subject"].startswith("Demandes en ligne du lundi 1er juin 2026 au mardi 30 juin 2026")
