"""The post office of this process, opened once at cold start by the functions that send."""

from bookings.emails.patient_email import PatientEmailRenderer
from bookings.emails.ses_transport import SesTransport, ses_client
from bookings.emails.staff_email import StaffEmailRenderer
from bookings.settings import Settings, settings
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.dynamodb import connect
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.storage.report_files import S3ReportFiles
from bookings.use_cases.send_email import EmailSender

LINK_LASTS = 8 * 3600
"""Seconds that the link in a report's letter works: a link signed by a role ends with the role's session at the latest,
which is some hours; a longer promise would be broken."""


def open_email_sender(told: Settings | None = None) -> EmailSender:
    """The outbox, what its letters are about, and SES to take them."""
    told = told or settings()
    database, files = connect(told.tables), S3ReportFiles(told.reports_bucket)
    return EmailSender(
        emails=DynamoEmailRepository(database),
        requests=DynamoBookingStore(database),
        practices=DynamoPracticeRepository(database, told.practice_cache_seconds),
        write=PatientEmailRenderer(told.mail_sender),
        render_staff_email=StaffEmailRenderer(
            told.mail_sender, lambda report: files.link(report.folder, "html", LINK_LASTS)
        ),
        transport=SesTransport(ses_client(), told.mail_sender, told.mail_configuration_set),
    )
