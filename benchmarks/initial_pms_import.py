"""`make bench-import`: measures the first import of a practice's appointments from its PMS (COUNT=20000).

The appointments are sorted by start and sent in batches of 100, as an agent sends them. MiniStack stands in for
DynamoDB and uses one processor, so the times hold for this machine only. The calls per appointment hold for AWS too.
"""

import os
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.use_cases.receive_pms_events import receive_events
from tests.support.builders import NOW, a_practice, a_stamp, an_agent, an_event, an_idempotency_key
from tests.support.dynamodb_engines import ministack_engine, running_ministack
from tests.support.seeding import add_practice

EVENTS_PER_BATCH = 100
CHAIRS = 6
APPOINTMENTS_PER_CHAIR_AND_DAY = 8


def main() -> None:
    """Start MiniStack and measure the import of COUNT appointments."""
    count = int(os.environ.get("COUNT", "20000"))
    os.environ.setdefault("AWS_DEFAULT_REGION", "ca-central-1")
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "none")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "none")
    with TemporaryDirectory() as folder, running_ministack(Path(folder)) as endpoint:
        measure(count, endpoint)


def measure(count: int, endpoint: str) -> None:
    """Import `count` appointments into the DynamoDB at that endpoint, and print time and calls."""
    with ministack_engine(lambda _: endpoint) as engine:
        database = engine.connect()
        calls: list[str] = []
        database._connection.client.meta.events.register(  # noqa: SLF001  # only the client can count its calls
            "before-call.dynamodb", lambda model, **_: calls.append(model.name)
        )
        practices, bookings, practice = (
            DynamoPracticeRepository(database, 60),
            DynamoBookingStore(database),
            a_practice(),
        )
        add_practice(practices, practice)
        calls.clear()
        started, longest, accepted = time.monotonic(), 0.0, 0
        for batch in _batches(count):
            batch_started = time.monotonic()
            agent, stamp = an_agent(practice), a_stamp("agent")
            accepted += receive_events(practices, bookings, agent, batch, an_idempotency_key(), stamp).accepted
            longest = max(longest, time.monotonic() - batch_started)
        seconds = time.monotonic() - started
    sys.stdout.write(
        f"{accepted} of {count} appointments in {seconds:.0f} s: {accepted / seconds:.0f} per second, "
        f"{len(calls) / count:.2f} calls per appointment, longest batch {longest:.1f} s\n"
    )


def _batches(count: int) -> Iterator[list[dict[str, Any]]]:
    events = list(_events(count))
    return (events[first : first + EVENTS_PER_BATCH] for first in range(0, count, EVENTS_PER_BATCH))


def _events(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        day, number_of_day = divmod(number, CHAIRS * APPOINTMENTS_PER_CHAIR_AND_DAY)
        hour, chair = divmod(number_of_day, CHAIRS)
        start = datetime.combine(_day(day), datetime.min.time()) + timedelta(hours=8 + hour)
        yield an_event(
            id=f"A{number}",
            start=start.isoformat(),
            duration_minutes=50,
            chair_id=f"chair_{chair}",
            practitioner_id=f"prov_{chair // 2}",
            patient={"first_name": "Pat", "last_name": f"Ient{number}", "email": f"p{number}@example.com"},
        )


def _day(number: int) -> date:
    return NOW.date() + timedelta(days=number)


if __name__ == "__main__":
    main()
