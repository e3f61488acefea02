"""A mail carrier and storage in memory, with the conditions that the real ones keep."""

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage

from bookings.domain.outbox.email import Letter
from bookings.domain.outbox.email_delivery import Envelope, NotTaken, Taken
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.domain.seen import Seen


class Died(BaseException):
    """The process ends here and now; no `except Exception` hears of it."""


class CarrierInMemory:
    """Takes every message, unless a test gave it other answers; `sent` is what patients receive."""

    def __init__(self) -> None:
        self.answers: list[Taken | NotTaken | BaseException] = []
        self.sent: list[EmailMessage] = []
        self.calls = 0
        self.tags: list[str] = []

    def send(self, envelope: Envelope, outbox_id: str) -> Taken | NotTaken:
        self.tags.append(outbox_id)
        self.calls += 1
        answer = self.answers.pop(0) if self.answers else Taken(f"ses-{self.calls}")
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, Taken):
            message = email.message_from_bytes(envelope.message, _class=EmailMessage, policy=email.policy.default)
            self.sent.append(message)
        return answer


class OutboxInMemory:
    """Letters and the requests they are about."""

    def __init__(self) -> None:
        self.letters: dict[str, Letter] = {}
        self.requests: dict[str, Request] = {}

    def put_letter(self, letter: Letter) -> None:
        self.letters[letter.outbox_id] = letter

    def put_request(self, request: Request) -> None:
        self.requests[request.id] = request

    def get(self, outbox_id: str) -> Letter | None:
        return self.letters.get(outbox_id)

    def advance(self, before: Letter, after: Letter) -> bool:
        standing = self.letters[after.outbox_id]
        if (standing.status, standing.attempt_id) != (before.status, before.attempt_id):
            return False
        self.letters[after.outbox_id] = after
        request = self.requests.get(after.request_id or "")
        if request and after.mail_status and request.outbox_id == after.outbox_id:
            self.requests[request.id] = request.model_copy(update={"mail": after.mail_status})
        return True

    def due(self, now: datetime, limit: int) -> list[str]:
        waiting = [letter for letter in self.letters.values() if letter.is_open and letter.due_at <= now]
        return [letter.outbox_id for letter in sorted(waiting, key=lambda letter: letter.due_at)][:limit]

    def see(self, practice_id: str, *, request_id: str | None = None) -> Seen:
        request = self.requests.get(request_id or "")
        return Seen(request=request if request and request.practice_id == practice_id else None)


class PracticesInMemory:
    """One practice."""

    def __init__(self, practice: Practice) -> None:
        self.practice: Practice | None = practice
        self.fault: Exception | None = None

    def get(self, practice_id: str) -> Practice | None:
        if self.fault:
            raise self.fault
        return self.practice if self.practice and self.practice.id == practice_id else None
