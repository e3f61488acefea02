"""An e-mail transport that records what it is given."""

import email
import email.policy
from email.message import EmailMessage

from bookings.domain.outbox.email_delivery import MimeEmail, SendAccepted, SendRefused


class RecordingEmailTransport:
    """The EmailTransport of tests: accepts every message, unless `answers` holds other answers or errors.

    `sent` is what recipients receive, `outbox_ids` the id of each call.
    """

    def __init__(self) -> None:
        self.answers: list[SendAccepted | SendRefused | BaseException] = []
        self.sent: list[EmailMessage] = []
        self.outbox_ids: list[str] = []

    @property
    def calls(self) -> int:
        return len(self.outbox_ids)

    def send(self, mime_email: MimeEmail, outbox_id: str) -> SendAccepted | SendRefused:
        self.outbox_ids.append(outbox_id)
        answer = self.answers.pop(0) if self.answers else SendAccepted(f"ses-{self.calls}")
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, SendAccepted):
            message = email.message_from_bytes(mime_email.message, _class=EmailMessage, policy=email.policy.default)
            self.sent.append(message)
        return answer
