"""A front desk whose e-mails are rendered and recorded, for tests of what patients are told."""

from typing import Any

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.requests.request import Request
from bookings.emails.patient_email import PatientEmailRenderer
from bookings.emails.staff_email import StaffEmailRenderer
from bookings.use_cases.dismiss_attention import dismiss_attention
from bookings.use_cases.notify_patient import notify_patient
from bookings.use_cases.send_email import EmailSender, send_email
from tests.support.builders import NOW, a_command_context, a_practice, a_stamp, an_event
from tests.support.in_memory.email_repository import InMemoryEmailRepository
from tests.support.in_memory.email_transport import RecordingEmailTransport
from tests.support.practice_harness import PracticeHarness

SENDER = "bookings@chairlink.dev"


class EmailDesk(PracticeHarness):
    """A practice whose e-mails are sent as soon as `deliver` is called."""

    def __init__(self) -> None:
        super().__init__(a_practice(name="Harbour Dental"))
        self.transport = RecordingEmailTransport()

    def deliver(self) -> list[str]:
        """Send what waits in the outbox; returns the plain texts of all e-mails that were sent so far."""
        emails = InMemoryEmailRepository(self.bookings)
        renderers = PatientEmailRenderer(SENDER), StaffEmailRenderer(SENDER, lambda report: report.folder)
        sender = EmailSender(emails, self.bookings, self.practices, *renderers, self.transport)
        for email in self.emails:
            send_email(sender, email.outbox_id, NOW)
        bodies = (message.get_body(("plain",)) for message in self.transport.sent)
        return [body.get_content() for body in bodies if body]

    def calendar_files(self) -> list[str]:
        attachments = (part for message in self.transport.sent for part in message.iter_attachments())
        return [part.get_content().replace("\r\n ", "") for part in attachments]

    def confirmed(self) -> Request:
        """A request that is linked to the appointment A1 on 16 July at 9:00, and confirmed by e-mail."""
        self.receive(an_event())
        request = self.request()
        self.link(request, self.stored_appointment("A1"), notify=True)
        self.deliver()
        return self.stored(request)

    def notify(self, request: Request) -> Request:
        return notify_patient(self.practices, self.bookings, a_command_context(self.stored(request)))

    def change(self, request: Request, **changes: Any) -> None:
        """Change the stored request."""
        change = ChangeSet(stamp=a_stamp(), action="correct", request=revise(self.stored(request), **changes))
        self.bookings.commit_uninterrupted(change)

    def dismiss(self, request: Request) -> Request:
        return dismiss_attention(self.practices, self.bookings, a_command_context(self.stored(request)))
