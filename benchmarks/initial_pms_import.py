"""A practice's first import, over the emulator: `make bench-import` (COUNT=20000).

Appointments come by day and time, a hundred to a batch, as an agent would send them. Times are of this machine and of
MiniStack, which runs on one processor; the figures that carry over are the calls and the round trips in a row.
"""

import os
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bookings.storage.bookings import Bookings
from bookings.storage.practices import Practices
from bookings.use_cases import pms
from tests.builders import NOW, a_practice, a_stamp, an_agent, an_attempt, an_event
from tests.engines import ministack_engine, running_ministack
from tests.stores import move_in

BATCH = 100
CHAIRS = 6
A_DAY = 8
"""Appointments of one chair on one day."""


def main() -> None:
    """Import, and print what it took."""
    count = int(os.environ.get("COUNT", "20000"))
    os.environ.setdefault("AWS_DEFAULT_REGION", "ca-central-1")
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "none")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "none")
    with TemporaryDirectory() as folder, running_ministack(Path(folder)) as endpoint:
        measure(count, endpoint)


def measure(count: int, endpoint: str) -> None:
    """Import so many appointments into the emulator at that address."""
    with ministack_engine(lambda _: endpoint) as engine:
        database = engine.connect()
        calls: list[str] = []
        database._connection.client.meta.events.register(  # noqa: SLF001  # to count is to look inside
            "before-call.dynamodb", lambda model, **_: calls.append(model.name)
        )
        practices, bookings, practice = Practices(database, 60), Bookings(database), a_practice()
        move_in(practices, practice)
        calls.clear()
        began, longest, accepted = time.monotonic(), 0.0, 0
        for batch in _batches(count):
            before = time.monotonic()
            agent, stamp = an_agent(practice), a_stamp("agent")
            accepted += pms.receive(practices, bookings, agent, batch, an_attempt(), stamp).accepted
            longest = max(longest, time.monotonic() - before)
        seconds = time.monotonic() - began
    sys.stdout.write(
        f"{accepted} of {count} appointments in {seconds:.0f} s: {accepted / seconds:.0f} a second, "
        f"{len(calls) / count:.2f} calls each, the longest batch {longest:.1f} s\n"
    )


def _batches(count: int) -> Iterator[list[dict[str, Any]]]:
    events = list(_events(count))
    return (events[first : first + BATCH] for first in range(0, count, BATCH))


def _events(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        day, place = divmod(number, CHAIRS * A_DAY)
        hour, chair = divmod(place, CHAIRS)
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
