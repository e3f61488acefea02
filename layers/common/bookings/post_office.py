"""The post office of this process, opened once at cold start by the functions that send."""

from bookings.mail.letters import LetterWriter
from bookings.mail.notices import NoticeWriter
from bookings.mail.ses import Ses, ses_client
from bookings.settings import Settings, settings
from bookings.storage.bookings import Bookings
from bookings.storage.database import connect
from bookings.storage.letters import Letters
from bookings.storage.practices import Practices
from bookings.use_cases.mail import PostOffice


def open_post_office(told: Settings | None = None) -> PostOffice:
    """The outbox, what its letters are about, and SES to take them."""
    told = told or settings()
    database = connect(told.tables)
    return PostOffice(
        letters=Letters(database),
        requests=Bookings(database),
        practices=Practices(database, told.practice_cache_seconds),
        write=LetterWriter(told.mail_sender),
        write_to_practice=NoticeWriter(told.mail_sender),
        carrier=Ses(ses_client(), told.mail_sender, told.mail_configuration_set),
    )
