"""A mail carrier and storage in memory, with the conditions that the real ones keep."""

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage

from bookings.domain.change_set import Snapshot
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.email_delivery import MimeEmail, SendAccepted, SendRefused
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request


class Killed(BaseException):
    """The process ends here and now; no `except Exception` hears of it."""


class CarrierInMemory:
    """Takes every message, unless a test gave it other answers; `sent` is what patients receive."""

    def __init__(self) -> None:
        self.answers: list[SendAccepted | SendRefused | BaseException] = []
        self.sent: list[EmailMessage] = []
        self.calls = 0
        self.tags: list[str] = []

    def send(self, mime_email: MimeEmail, outbox_id: str) -> SendAccepted | SendRefused:
        self.tags.append(outbox_id)
        self.calls += 1
        answer = self.answers.pop(0) if self.answers else SendAccepted(f"ses-{self.calls}")
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, SendAccepted):
            message = email.message_from_bytes(mime_email.message, _class=EmailMessage, policy=email.policy.default)
            self.sent.append(message)
        return answer


class OutboxInMemory:
    """Letters and the requests they are about."""

    def __init__(self) -> None:
        self.emails: dict[str, Email] = {}
        self.requests: dict[str, Request] = {}

    def put_letter(self, email: Email) -> None:
        self.emails[email.outbox_id] = email

    def put_request(self, request: Request) -> None:
        self.requests[request.id] = request

    def get(self, outbox_id: str) -> Email | None:
        return self.emails.get(outbox_id)

    def advance(self, before: Email, after: Email) -> bool:
        standing = self.emails[after.outbox_id]
        if (standing.status, standing.attempt_id) != (before.status, before.attempt_id):
            return False
        self.emails[after.outbox_id] = after
        request = self.requests.get(after.request_id or "")
        if request and after.mail_status and request.outbox_id == after.outbox_id:
            self.requests[request.id] = request.model_copy(update={"mail": after.mail_status})
        return True

    def due(self, now: datetime, limit: int) -> list[str]:
        waiting = [email for email in self.emails.values() if email.needs_sweep and email.due_at <= now]
        return [email.outbox_id for email in sorted(waiting, key=lambda email: email.due_at)][:limit]

    def load(self, practice_id: str, *, request_id: str | None = None) -> Snapshot:
        request = self.requests.get(request_id or "")
        return Snapshot(request=request if request and request.practice_id == practice_id else None)


class PracticesInMemory:
    """One practice."""

    def __init__(self, practice: Practice) -> None:
        self.practice: Practice | None = practice
        self.fault: Exception | None = None

    def get(self, practice_id: str) -> Practice | None:
        if self.fault:
            raise self.fault
        return self.practice if self.practice and self.practice.id == practice_id else None
