"""Wires settings, clients, stores and the e-mail sender, once per cold start. Nothing else does.

Import this module first. It turns the garbage collector off while a function starts: nearly all that a start creates
stays for good, and to look through it again and again costs a twentieth of the start (docs/adr/0030). `bootstrap`, the
last step, freezes what is there and turns the collector on.
"""

import gc
import os
import zoneinfo
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    gc.disable()

# The pinned tzdata package knows this year's rules. The system's files may not, and Python would prefer them.
zoneinfo.reset_tzpath(to=())

from bookings.call_limits import EMAIL_SECONDS, INVOCATION  # noqa: E402  # after the collector is off
from bookings.settings import Settings  # noqa: E402
from bookings.storage.booking_store import DynamoBookingStore  # noqa: E402
from bookings.storage.dynamodb import DynamoDb, connect  # noqa: E402
from bookings.storage.practice_repository import DynamoPracticeRepository  # noqa: E402

if TYPE_CHECKING:
    from bookings.storage.day_sheet_repair_store import DynamoDaySheetRepairStore
    from bookings.storage.due_requests import DynamoDueRequestStore
    from bookings.storage.email_repository import DynamoEmailRepository
    from bookings.storage.held_email_queue import SqsHeldEmailQueue
    from bookings.storage.misfit_store import DynamoMisfitStore
    from bookings.storage.report_files import S3ReportFiles
    from bookings.storage.report_queue import SqsReportQueue
    from bookings.storage.report_repository import DynamoReportRepository
    from bookings.storage.round_robin_cursor import DynamoRoundRobin
    from bookings.storage.tally_repair_store import DynamoTallyRepairStore
    from bookings.use_cases.send_email import EmailSender

REPORT_LINK_SECONDS = 8 * 3600
"""How long a report's link in an e-mail works. A role's signature ends with the role's session, after some hours."""

Part = Literal[
    "practices", "bookings", "due_requests", "emails", "email_sender", "held_emails", "misfits", "reports",
    "report_files", "report_queue", "submissions_per_hour", "tally_audit", "tally_round_robin", "day_sheet_audit",
    "day_sheet_round_robin",
]  # fmt: skip


class Application:
    """The parts of this process over one DynamoDB client. Each part is created, and imported, on first access."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _database(self) -> DynamoDb:
        return connect(self._settings.tables)

    @cached_property
    def practices(self) -> DynamoPracticeRepository:
        """Practices and their agents."""
        return DynamoPracticeRepository(self._database, self._settings.practice_cache_seconds)

    @cached_property
    def bookings(self) -> DynamoBookingStore:
        """Requests, appointments, day sheets, tallies and PMS writes."""
        return DynamoBookingStore(self._database)

    @cached_property
    def due_requests(self) -> "DynamoDueRequestStore":
        """Requests that a sweep has work for."""
        from bookings.storage.due_requests import DynamoDueRequestStore  # noqa: PLC0415

        return DynamoDueRequestStore(self._database)

    @cached_property
    def emails(self) -> "DynamoEmailRepository":
        """The outbox."""
        from bookings.storage.email_repository import DynamoEmailRepository  # noqa: PLC0415

        return DynamoEmailRepository(self._database)

    @cached_property
    def email_sender(self) -> "EmailSender":
        """The outbox, what its e-mails are about, and SES to send them."""
        from bookings.emails.patient_email import PatientEmailRenderer  # noqa: PLC0415
        from bookings.emails.ses_transport import SesTransport, ses_client  # noqa: PLC0415
        from bookings.emails.staff_email import StaffEmailRenderer  # noqa: PLC0415
        from bookings.use_cases.send_email import EmailSender  # noqa: PLC0415

        address, files = self._settings.email_sender, self.report_files
        return EmailSender(
            emails=self.emails,
            bookings=self.bookings,
            practices=self.practices,
            render_patient_email=PatientEmailRenderer(address),
            render_staff_email=StaffEmailRenderer(
                address, lambda report: files.link(report.folder, "html", REPORT_LINK_SECONDS)
            ),
            transport=SesTransport(ses_client(), address, self._settings.email_configuration_set),
            has_time_to_send=lambda: INVOCATION.has_time_for(EMAIL_SECONDS),
        )

    @cached_property
    def held_emails(self) -> "SqsHeldEmailQueue":
        """The queue of e-mails that wait for the end of the undo window."""
        from bookings.storage.held_email_queue import SqsHeldEmailQueue  # noqa: PLC0415

        return SqsHeldEmailQueue(self._settings.held_email_queue)

    @cached_property
    def misfits(self) -> "DynamoMisfitStore":
        """Misfits and marks on findings."""
        from bookings.storage.misfit_store import DynamoMisfitStore  # noqa: PLC0415

        return DynamoMisfitStore(self._database)

    @cached_property
    def reports(self) -> "DynamoReportRepository":
        """Scheduled reports."""
        from bookings.storage.report_repository import DynamoReportRepository  # noqa: PLC0415

        return DynamoReportRepository(self._database)

    @cached_property
    def report_files(self) -> "S3ReportFiles":
        """The files of the reports."""
        from bookings.storage.report_files import S3ReportFiles  # noqa: PLC0415

        return S3ReportFiles(self._settings.reports_bucket)

    @cached_property
    def report_queue(self) -> "SqsReportQueue":
        """The queue of reports to build."""
        from bookings.storage.report_queue import SqsReportQueue  # noqa: PLC0415

        return SqsReportQueue(self._settings.report_queue)

    @cached_property
    def submissions_per_hour(self) -> int:
        """How many requests a practice takes in an hour."""
        return self._settings.submissions_per_hour

    @cached_property
    def tally_audit(self) -> "DynamoTallyRepairStore":
        """Tallies and the requests that they count."""
        from bookings.storage.tally_repair_store import DynamoTallyRepairStore  # noqa: PLC0415

        return DynamoTallyRepairStore(self._database)

    @cached_property
    def tally_round_robin(self) -> "DynamoRoundRobin":
        """Where the audit of tallies has got to."""
        from bookings.storage.round_robin_cursor import DynamoRoundRobin  # noqa: PLC0415
        from bookings.storage.schema import TALLIES  # noqa: PLC0415

        return DynamoRoundRobin(self._database, TALLIES)

    @cached_property
    def day_sheet_audit(self) -> "DynamoDaySheetRepairStore":
        """Day sheets and the appointments that occupy them."""
        from bookings.storage.day_sheet_repair_store import DynamoDaySheetRepairStore  # noqa: PLC0415

        return DynamoDaySheetRepairStore(self._database)

    @cached_property
    def day_sheet_round_robin(self) -> "DynamoRoundRobin":
        """Where the audit of day sheets has got to."""
        from bookings.storage.round_robin_cursor import DynamoRoundRobin  # noqa: PLC0415
        from bookings.storage.schema import DAY_SHEETS  # noqa: PLC0415

        return DynamoRoundRobin(self._database, DAY_SHEETS)


def bootstrap(*parts: Part) -> Application:
    """The application with these parts created; raises MissingSetting. The last step of a cold start."""
    application = Application(Settings(os.environ))
    for part in parts:
        getattr(application, part)
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    return application
