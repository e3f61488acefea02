"""Seeds the demo practices: agents send signed events, and patients submit requests over the public API.

Only the practice itself and its agent's key are written straight into the tables, since there is no API for sign-up.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
from pynamodb.connection import Connection

from bookings.domain.practice.agent import Agent
from bookings.domain.practice.practice import Practice
from bookings.storage.dynamodb import DynamoDb
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.storage.schema import Table
from local.aws_emulator import ACCOUNT, REGION, Emulator
from local.demo_appointments_and_requests import DemoDataGenerator
from local.demo_credentials import DemoCredentials
from local.demo_practices import PRACTICES, DemoPractice
from local.emulator_deployment import Deployment
from local.post_pms_events import post_events
from local.terminal_output import CommandError, timed_step

_EVENTS_PER_BATCH = 50


class Seeder:
    """Writes the demo practices into a stack. A second run on the same day changes nothing."""

    def __init__(self, emulator: Emulator, deployment: Deployment, credentials: DemoCredentials, base_url: str) -> None:
        connection = Connection(
            region=REGION, host=emulator.url, aws_access_key_id=ACCOUNT, aws_secret_access_key="local"
        )
        names = {table: deployment[table.value.title().replace("_", "")] for table in Table}
        self._practices = DynamoPracticeRepository(DynamoDb(connection, names), cache_seconds=0)
        self._credentials = credentials
        self._client = httpx.Client(base_url=base_url, timeout=40)

    def is_needed(self) -> bool:
        """Whether an earlier run did not finish, or the emulator has lost a practice since."""
        return not self._credentials.seeded or any(self._practices.get(practice.id) is None for practice in PRACTICES)

    def seed(self) -> None:
        """Seed all demo practices, in parallel. Raises CommandError if the API refuses anything."""
        description = "Seeding two demo practices through their signed webhooks and the public form"
        with timed_step(description), ThreadPoolExecutor() as pool:
            list(pool.map(self._seed_practice, PRACTICES))

    def _seed_practice(self, practice: DemoPractice) -> None:
        self._practices.save(Practice(**practice.fields))
        secret = self._credentials.agent_secrets[practice.agent_id]
        self._practices.save_agent(Agent(id=practice.agent_id, practice_id=practice.id, secrets=(secret,)))
        now = datetime.now(ZoneInfo(practice.fields["timezone"])).replace(tzinfo=None)
        data = DemoDataGenerator(practice, now.date())
        events = practice.events() + [appointment.event() for appointment in data.appointments]
        for first in range(0, len(events), _EVENTS_PER_BATCH):
            batch = events[first : first + _EVENTS_PER_BATCH]
            response = post_events(self._client, practice.agent_id, secret, batch)
            self._check_status(response, 200)
            if rejected := response.json()["rejected"]:
                raise CommandError(f"the API rejected an event of a demo practice: {rejected[0]}")
        for number, request in enumerate(data.requests(now)):
            key = f"demo-{now:%Y-%m-%d}-{number}"
            path = f"/v1/public/practices/{practice.id}/requests"
            self._check_status(self._client.post(path, json=request, headers={"Idempotency-Key": key}), 201)

    @staticmethod
    def _check_status(response: httpx.Response, expected: int) -> None:
        if response.status_code != expected:
            path = response.request.url.path
            raise CommandError(f"seeding failed: {path} answered {response.status_code} {response.text}")
