"""The e-mail of a decision waits for the undo window, in the queue of the running stack."""

from datetime import timedelta

import pytest

from tests.e2e.actors import Json, eventually, next_15_july
from tests.e2e.conftest import UNDO_SECONDS
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def test_undone_in_the_window_nothing_is_sent_and_later_the_email_is(stage: Stage) -> None:
    desk = stage.front_desk(stage.saint_laurent)
    undone, kept = (stage.patient(stage.saint_laurent) for _ in range(2))
    start = f"{next_15_july() + timedelta(days=35)}T15:00:00"
    requests: list[Json] = [patient.submit(start) for patient in (undone, kept)]
    rejections = [desk.decide("reject", one["id"], {"reason": "no_opening", "notify": True}) for one in requests]
    assert all(answer.json()["mail_due_at"] for answer in rejections)

    back = desk.decide("reopen", requests[0]["id"], revision=2)
    assert (back.status_code, back.json()["mail"]) == (200, None)
    assert stage.emails_to(kept.email) == []

    eventually(lambda: stage.emails_to(kept.email), "the e-mail", timeout_seconds=UNDO_SECONDS + 20)
    assert desk.request(requests[1]["id"])["mail"] == "sent"
    assert stage.emails_to(undone.email) == []

    back = desk.decide("reopen", requests[1]["id"], {"notify": True}, revision=2)
    assert (back.status_code, back.json()["mail"]) == (200, "queued")
    assert "de nouveau ouverte" in stage.emails_to(kept.email, count=2)[1]["subject"]
