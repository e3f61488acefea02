"""The e-mail sender with a recording transport and a clock that tests set, over any storage."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bookings.domain.outbox.email import Email, EmailOutcome, EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import DeliveryEvent
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.emails.patient_email import PatientEmailRenderer
from bookings.emails.staff_email import StaffEmailRenderer
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.dynamodb import DynamoDb, PutItem
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.storage.items import email_item, request_item
from bookings.storage.schema import OUTBOX, REQUESTS
from bookings.use_cases.ports import BookingStore, EmailRepository
from bookings.use_cases.record_email_event import record_email_event
from bookings.use_cases.send_email import EmailSender, send_email, send_or_hold_email
from bookings.use_cases.sweep_outbox import OutboxSweep, sweep_outbox
from tests.support.email_builders import NOW, SENDER, a_practice, an_accepted_request, an_email
from tests.support.in_memory.booking_store import InMemoryBookingStore
from tests.support.in_memory.email_repository import InMemoryEmailRepository
from tests.support.in_memory.email_transport import RecordingEmailTransport
from tests.support.in_memory.held_email_queue import InMemoryHeldEmailQueue
from tests.support.in_memory.practice_repository import InMemoryPracticeRepository
from tests.support.seeding import add_practice


class EmailHarness:
    """One practice's outbox, and all that sends its e-mails."""

    def __init__(self, emails: EmailRepository, bookings: BookingStore, put: Callable[[Email | Request], None]) -> None:
        self.emails = emails
        self.bookings = bookings
        self._put = put
        self.transport = RecordingEmailTransport()
        self.queue = InMemoryHeldEmailQueue()
        self.practices = InMemoryPracticeRepository()
        add_practice(self.practices, a_practice())
        self.now = NOW
        self.sender = EmailSender(
            emails=emails,
            bookings=bookings,
            practices=self.practices,
            render_patient_email=PatientEmailRenderer(SENDER),
            render_staff_email=StaffEmailRenderer(SENDER, lambda report: f"https://files.example/{report.folder}"),
            transport=self.transport,
        )

    @classmethod
    def in_memory(cls) -> "EmailHarness":
        """Over the in-memory stores."""
        bookings = InMemoryBookingStore()

        def put(entity: Email | Request) -> None:
            if isinstance(entity, Email):
                bookings.emails[entity.outbox_id] = entity
            else:
                bookings.put_request(entity)

        return cls(InMemoryEmailRepository(bookings), bookings, put)

    @classmethod
    def over(cls, database: DynamoDb) -> "EmailHarness":
        """Over DynamoDB."""
        return cls(
            DynamoEmailRepository(database), DynamoBookingStore(database), lambda entity: put_item(database, entity)
        )

    def put(self, *entities: Email | Request | Practice) -> None:
        """Store these as they are."""
        for entity in entities:
            if isinstance(entity, Practice):
                add_practice(self.practices, entity)
            else:
                self._put(entity)

    def put_confirmation(self) -> None:
        """Store an accepted request and its confirmation, which is still to be sent."""
        self.put(an_accepted_request(), an_email())

    def wait(self, **duration: float) -> None:
        """Let the time pass."""
        self.now += timedelta(**duration)

    def send(self, outbox_id: str = "mail_1") -> EmailOutcome:
        return send_email(self.sender, outbox_id, self.now)

    def deliver(self, outbox_id: str = "mail_1") -> EmailOutcome:
        """Deliver the stream's record of the new e-mail, or its message in the queue, to the function."""
        return send_or_hold_email(self.sender, self.queue, outbox_id, self.now)

    def deliver_held(self) -> list[EmailStep]:
        """Let the longest delay pass, and deliver all messages of the queue."""
        messages, self.queue.messages = self.queue.messages, []
        self.now += max(message.delay for message in messages)
        return [self.deliver(message.outbox_id).step for message in messages]

    def sweep(self, *, seconds_left: int = 1000) -> OutboxSweep:
        ticks = iter(range(seconds_left, 0, -1))
        return sweep_outbox(self.sender, self.now, lambda: next(ticks, 0) > 0)

    def report(self, event: DeliveryEvent, outbox_id: str = "mail_1") -> EmailOutcome:
        """Let SES report this about the message."""
        return record_email_event(self.emails, self.bookings, outbox_id, event, "ses-1", self.now)

    def email(self, outbox_id: str = "mail_1") -> Email:
        email = self.emails.get(outbox_id)
        assert email
        return email

    def status(self, outbox_id: str = "mail_1") -> EmailStatus:
        return self.email(outbox_id).status

    def request(self) -> Request:
        """The request as it is stored."""
        request = self.bookings.load("prac_harbour", request_id="req_1").request
        assert request
        return request

    def mail_status_of_request(self) -> str | None:
        """What the front desk sees on the request."""
        shown: str | None = self.request().mail
        return shown

    def subjects(self) -> list[str]:
        """The subjects of the e-mails that went out."""
        return [str(message["subject"]) for message in self.transport.sent]

    def due(self, at: datetime | None = None) -> list[str]:
        return self.emails.due(at or self.now, 100)


def put_item(database: DynamoDb, entity: Email | Request) -> None:
    """Store an e-mail or a request without everything that a commit would write beside it."""
    if isinstance(entity, Email):
        database.write([PutItem(OUTBOX, email_item(entity))])
    else:
        database.write([PutItem(REQUESTS, request_item(entity))])
