"""The running stack with patients, staff and agents of the demo practices."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.e2e.actors import Agent, FrontDesk, Json, Patient, eventually

if TYPE_CHECKING:
    from tests.e2e.conftest import Stack


@dataclass
class Stage:
    """The patients, staff and agents of the demo practices."""

    stack: "Stack"
    practices: dict[str, Json] = field(init=False)

    def __post_init__(self) -> None:
        self.practices = self.stack.practices()
        self.door = self.stack.http

    @property
    def harbour(self) -> Json:
        """The practice whose PMS can create appointments."""
        return self.practices["open_dental"]

    @property
    def saint_laurent(self) -> Json:
        """The practice on Dentrix, which can only link."""
        return self.practices["dentrix"]

    def front_desk(self, practice: Json) -> FrontDesk:
        """A member of the practice's front desk."""
        return FrontDesk(practice["practice_id"], self.door, self.stack.token(practice["practice_id"], "front_desk"))

    def manager(self, practice: Json) -> FrontDesk:
        """The practice's manager, who may do what the front desk may."""
        return FrontDesk(practice["practice_id"], self.door, self.stack.token(practice["practice_id"], "manager"))

    def patient(self, practice: Json, part: str | None = None) -> Patient:
        """A new patient; the address may be one of SES's mailbox simulator."""
        return Patient(practice["practice_id"], self.door, part=part)

    def agent(self, practice: Json) -> Agent:
        """The practice's PMS agent."""
        return Agent(practice["agent_id"], practice["agent_secret"], self.door)

    def pms(self, practice: Json) -> list[Json]:
        """The appointments in the practice's PMS."""
        entries: list[Json] = self.door.get(f"/local/pms/{practice['practice_id']}").raise_for_status().json()
        return entries

    def enter_in_pms(self, practice: Json, **entry: Any) -> None:
        """Enter or change an appointment in the practice's PMS by hand."""
        self.door.post(f"/local/pms/{practice['practice_id']}", json=entry).raise_for_status()

    def emails_to(self, address: str, count: int = 0) -> list[Json]:
        """Wait for so many e-emails to that address."""
        if not count:
            return self.stack.emails(address)

        def enough() -> list[Json] | None:
            emails = self.stack.emails(address)
            return emails if len(emails) >= count else None

        return eventually(enough, f"{count} e-emails")

    def only_email_to(self, address: str) -> Json:
        """The one e-mail to that address."""
        (mail,) = self.emails_to(address, count=1)
        return mail

    def sweep(self) -> None:
        """Invoke a scheduled function."""
        self.door.post("/local/run/sweep_outbox").raise_for_status()
