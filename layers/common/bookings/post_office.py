"""The post office of this process, opened once at cold start by the functions that send."""

from bookings.mail.letters import LetterWriter
from bookings.mail.notices import NoticeWriter
from bookings.mail.ses import Ses, ses_client
from bookings.settings import Settings, settings
from bookings.storage.bookings import Bookings
from bookings.storage.database import connect
from bookings.storage.letters import Letters
from bookings.storage.practices import Practices
from bookings.storage.report_files import ReportFiles
from bookings.use_cases.mail import PostOffice

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
