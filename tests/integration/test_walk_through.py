"""docs/architecture.md walks through one accept, file by file; an accept really enters these files."""

import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from deploy.repository_paths import ROOT
from tests.support.api_harness import ApiHarness
from tests.support.builders import a_request
from tests.support.scenarios import HARBOUR
from tests.support.seeding import submit_requests

MAX_FILES = 15


def files_of_the_walk_through() -> list[str]:
    page = (ROOT / "docs/architecture.md").read_text()
    section = page.split("## One accept, file by file")[1].split("\n## ")[0]
    return re.findall(r"^\d+\. `([\w/]+\.py)`", section, re.MULTILINE)


def files_entered_by(run: Callable[[], object]) -> set[str]:
    """The files of which a function is called, in this thread and in new ones."""
    entered: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            entered.add(frame.f_code.co_filename)

    sys.setprofile(note)
    threading.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return {str(Path(name)) for name in entered}


def test_an_accept_enters_each_file_of_the_walk_through(moto_api: ApiHarness) -> None:
    request = a_request(practice_id=HARBOUR.id)
    submit_requests(moto_api.application.bookings, request)

    def accept() -> None:
        answer = moto_api.call("accept_request", HARBOUR.id, {"notify": False}, request_id=request.id, revision=1)
        assert answer.status == 200, answer.text

    entered = files_entered_by(accept)
    listed = files_of_the_walk_through()
    assert 0 < len(listed) <= MAX_FILES
    assert [path for path in listed if not any(name.endswith(f"/{path}") for name in entered)] == []
