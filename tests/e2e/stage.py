"""The stage of the stories: the running stack, and the people and programs that come on."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.e2e.actors import Agent, FrontDesk, Json, Patient, eventually

if TYPE_CHECKING:
    from tests.e2e.conftest import Stack


@dataclass
class Stage:
    """Who can be met at the demo practices."""

    stack: "Stack"
    practices: dict[str, Json] = field(init=False)

    def __post_init__(self) -> None:
        self.practices = self.stack.practices()
        self.door = self.stack.http

    @property
    def harbour(self) -> Json:
        """The practice whose PMS takes appointments."""
        return self.practices["open_dental"]

    @property
    def saint_laurent(self) -> Json:
        """The practice on Dentrix, which can only link."""
        return self.practices["dentrix"]

    def front_desk(self, practice: Json) -> FrontDesk:
        """Somebody at the practice's front desk."""
        return FrontDesk(practice["practice_id"], self.door, self.stack.token(practice["practice_id"], "front_desk"))

    def manager(self, practice: Json) -> FrontDesk:
        """The practice's manager, who may do what the front desk may."""
        return FrontDesk(practice["practice_id"], self.door, self.stack.token(practice["practice_id"], "manager"))

    def patient(self, practice: Json, part: str | None = None) -> Patient:
        """Somebody whom the practice has never met; their address may play a part at SES's mailbox simulator."""
        return Patient(practice["practice_id"], self.door, part=part)

    def agent(self, practice: Json) -> Agent:
        """The agent beside the practice's PMS."""
        return Agent(practice["agent_id"], practice["agent_secret"], self.door)

    def pms(self, practice: Json) -> list[Json]:
        """What stands in the practice's PMS."""
        entries: list[Json] = self.door.get(f"/local/pms/{practice['practice_id']}").raise_for_status().json()
        return entries

    def enters(self, practice: Json, **entry: Any) -> None:
        """Somebody enters or changes an appointment in the practice's PMS by hand."""
        self.door.post(f"/local/pms/{practice['practice_id']}", json=entry).raise_for_status()

    def mails_to(self, address: str, count: int = 0) -> list[Json]:
        """The e-mails to that address, as soon as there are that many."""
        if not count:
            return self.stack.emails(address)

        def enough() -> list[Json] | None:
            mails = self.stack.emails(address)
            return mails if len(mails) >= count else None

        return eventually(enough, f"{count} e-mails")

    def only_mail_to(self, address: str) -> Json:
        """The one e-mail to that address."""
        (mail,) = self.mails_to(address, count=1)
        return mail

    def sweep(self) -> None:
        """What the schedule does every five minutes."""
        self.door.post("/local/run/sweep_outbox").raise_for_status()
