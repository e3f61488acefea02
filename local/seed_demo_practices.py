"""Fills the demo practices the way real ones fill: the PMS's agent posts signed events, patients submit requests.

Only the practice's own row and its agent's key are written straight into the tables: nobody can sign up yet.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
from pynamodb.connection import Connection

from bookings.domain.agent import Agent
from bookings.domain.practice import Practice
from bookings.settings import Table
from bookings.storage.database import Database
from bookings.storage.practices import Practices
from local.aws_emulator import ACCOUNT, REGION, Emulator
from local.demo_appointments_and_requests import Diary
from local.demo_credentials import Drawn
from local.demo_practices import PRACTICES, DemoPractice
from local.emulator_deployment import Deployment
from local.post_pms_events import post
from local.terminal_output import CannotGoOn, step

_BATCH = 50


class Seeder:
    """Puts the demo practices into a stack. Doing it twice on one day changes nothing."""

    def __init__(self, emulator: Emulator, deployment: Deployment, drawn: Drawn, base_url: str) -> None:
        connection = Connection(
            region=REGION, host=emulator.url, aws_access_key_id=ACCOUNT, aws_secret_access_key="local"
        )
        names = {table: deployment[table.value.title().replace("_", "")] for table in Table}
        self._practices = Practices(Database(connection, names), keep_seconds=0)
        self._secrets = drawn.agent_secrets
        self._door = httpx.Client(base_url=base_url, timeout=40)

    def is_needed(self, drawn: Drawn) -> bool:
        """Whether a practice is missing, be it that the emulator lost it, or was never told to the end."""
        return not drawn.seeded or any(self._practices.get(practice.id) is None for practice in PRACTICES)

    def seed(self) -> None:
        """Tell the stack of all demo practices, side by side."""
        doing = "Filling two demo practices through their signed webhooks and the public form"
        with step(doing), ThreadPoolExecutor() as pool:
            list(pool.map(self._fill, PRACTICES))

    def _fill(self, demo: DemoPractice) -> None:
        self._practices.save(Practice(**demo.row))
        secret = self._secrets[demo.agent_id]
        self._practices.save_agent(Agent(id=demo.agent_id, practice_id=demo.id, secrets=(secret,)))
        now = datetime.now(ZoneInfo(demo.row["timezone"])).replace(tzinfo=None)
        diary = Diary(demo, now.date())
        events = demo.events() + [entry.event() for entry in diary.entries]
        for first in range(0, len(events), _BATCH):
            answer = post(self._door, demo.agent_id, secret, events[first : first + _BATCH])
            self._insist(answer, 200)
            if refused := answer.json()["rejected"]:
                raise CannotGoOn(f"the demo practice's own events were refused: {refused[0]}")
        for number, request in enumerate(diary.requests(now)):
            key = f"demo-{now:%Y-%m-%d}-{number}"
            path = f"/v1/public/practices/{demo.id}/requests"
            self._insist(self._door.post(path, json=request, headers={"Idempotency-Key": key}), 201)

    @staticmethod
    def _insist(answer: httpx.Response, status: int) -> None:
        if answer.status_code != status:
            raise CannotGoOn(
                f"filling the demo failed: {answer.request.url.path} answered {answer.status_code} {answer.text}"
            )
