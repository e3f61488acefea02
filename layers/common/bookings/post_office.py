"""The post office of this process, opened once at cold start by the functions that send."""

from bookings.emails.patient_email import LetterWriter
from bookings.emails.ses_transport import Ses, ses_client
from bookings.emails.staff_email import NoticeWriter
from bookings.settings import Settings, settings
from bookings.storage.booking_store import Bookings
from bookings.storage.dynamodb import connect
from bookings.storage.email_repository import Letters
from bookings.storage.practice_repository import Practices
from bookings.storage.report_files import ReportFiles
from bookings.use_cases.send_email import PostOffice

LINK_LASTS = 8 * 3600
"""Seconds that the link in a report's letter works: a link signed by a role ends with the role's session at the latest,
which is some hours; a longer promise would be broken."""


def open_post_office(told: Settings | None = None) -> PostOffice:
    """The outbox, what its letters are about, and SES to take them."""
    told = told or settings()
    database, files = connect(told.tables), ReportFiles(told.reports_bucket)
    return PostOffice(
        letters=Letters(database),
        requests=Bookings(database),
        practices=Practices(database, told.practice_cache_seconds),
        write=LetterWriter(told.mail_sender),
        write_to_practice=NoticeWriter(told.mail_sender, lambda report: files.link(report.folder, "html", LINK_LASTS)),
        carrier=Ses(ses_client(), told.mail_sender, told.mail_configuration_set),
    )
