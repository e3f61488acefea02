"""A decision says whether the patient gets an e-mail; only one who can get it and wants it may be promised one."""

from collections.abc import Callable, Mapping

import pytest

from bookings.domain.decisions.commands import Watching
from bookings.domain.kernel.errors import Invalid
from bookings.domain.requests.request import Request, Watch
from bookings.use_cases.reject_request import reject_request
from bookings.use_cases.watch_request import watch_request
from tests.support.builders import NOW, a_command_context, a_patient, a_rejection, a_stranger, an_event
from tests.support.practice_harness import PracticeHarness

CANNOT_BE_NOTIFIED: tuple[Mapping[str, object], ...] = ({"may_email": False}, {"patient": a_patient(email=None)})


@pytest.mark.parametrize("fields", CANNOT_BE_NOTIFIED)
@pytest.mark.parametrize("decision", ["accept", "link", "reject", "watch"])
def test_notify_is_refused_at_its_field_where_the_patient_cannot_be_notified(
    decision: str, fields: Mapping[str, object]
) -> None:
    harness = PracticeHarness()
    request, appointment = harness.request(**fields), harness.appointment(patient=a_stranger())
    context = a_command_context(request)
    decide: Mapping[str, Callable[[], Request]] = {
        "accept": lambda: harness.accept(request, notify=True),
        "link": lambda: harness.link(request, appointment, notify=True),
        "reject": lambda: reject_request(harness.practices, harness.bookings, context, a_rejection(notify=True)),
        "watch": lambda: watch_request(harness.practices, harness.bookings, context, Watching(notify=True)),
    }
    with pytest.raises(Invalid) as refused:
        decide[decision]()
    assert [error["field"] for error in refused.value.facts["errors"]] == ["notify"]
    assert harness.stored(request) == request
    assert harness.emails == []


def test_a_watch_from_before_this_rule_links_without_an_email() -> None:
    harness = PracticeHarness()
    request = harness.request(may_email=False, watch=Watch(by="staff:u1", at=NOW, notify=True))
    harness.receive(an_event())
    assert harness.stored(request).appointment_id == "A1"
    assert harness.emails == []
