"""The scenarios of the sample events: Jane at Harbour Dental, and Zoé at Saint-Laurent, which can only link."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.kernel.rate_limit import RateLimit
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.last_notification import LastNotification
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.slot import Slot
from bookings.storage import schema
from bookings.storage.items import RATE_LIMIT_COUNT
from bookings.storage.schema import Table
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.classify_misfits import classify_decision
from bookings.use_cases.link_request import link_request
from bookings.use_cases.reject_request import reject_request
from tests.support.api_harness import ApiHarness
from tests.support.builders import (
    A_LARGE_LIMIT,
    NOW,
    OTHER_SECRET,
    SECRET,
    a_command_context,
    a_linking,
    a_patient,
    a_pms,
    a_practice,
    a_rejection,
    a_request,
    a_slot,
    a_stamp,
    a_stranger,
    a_time,
    an_acceptance,
    an_agent,
    an_appointment,
    an_event,
)
from tests.support.seeding import add_practice, submit_requests

HARBOUR = a_practice(id="prac_harbour")
SAINT_LAURENT = a_practice(
    id="prac_saint_laurent",
    name="Clinique dentaire Saint-Laurent",
    timezone="America/Toronto",
    language="fr",
    pms=a_pms(kind="dentrix", create=False),
)
JANES = a_request(
    id="req_019f1e9f8a80000000000000000a",
    practice_id=HARBOUR.id,
    manage_digest=hashlib.sha256(b"the-patients-own-secret").hexdigest(),
)
ZOES = a_request(
    id="req_019f1e9f8a80000000000000000d",
    practice_id=SAINT_LAURENT.id,
    patient=a_patient(first_name="Zoé", last_name="Roy", email="zoe@example.com"),
    requested=a_slot("2026-07-15T15:00", timezone="America/Toronto"),
)

Scene = Callable[[ApiHarness], None]


def two_practices(api: ApiHarness) -> None:
    add_practice(api.application.practices, HARBOUR, an_agent(HARBOUR, SECRET, OTHER_SECRET))
    add_practice(api.application.practices, SAINT_LAURENT, an_agent(SAINT_LAURENT))
    submit_requests(api.application.bookings, ZOES)
    _known(api, an_appointment(id="A2", practice_id=SAINT_LAURENT.id, patient=ZOES.patient))


def pending(api: ApiHarness) -> None:
    submit_requests(api.application.bookings, JANES)


def pending_without_email(api: ApiHarness) -> None:
    by_phone = JANES.model_copy(update={"patient": a_patient(email=None)})
    submit_requests(api.application.bookings, by_phone)


def pending_without_wanting_emails(api: ApiHarness) -> None:
    submit_requests(api.application.bookings, JANES.model_copy(update={"may_email": False}))


def asked_before(api: ApiHarness) -> None:
    """Jane has sent the same request a moment before."""
    submit_requests(
        api.application.bookings,
        JANES.model_copy(update={"id": JANES.id.replace("000a", "0009"), "manage_digest": "0" * 64}),
    )


def with_a_freshness_limit(api: ApiHarness) -> None:
    api.application.practices.update_settings(HARBOUR.id, {"freshness_limit_minutes": 60})


def with_a_limit_that_is_used_up(api: ApiHarness) -> None:
    limit = RateLimit.in_hour_of(NOW, subject=f"submissions#{HARBOUR.id}", limit=A_LARGE_LIMIT)
    api.engine.client.put_item(
        TableName=api.engine.tables[Table.DELIVERIES],
        Item={schema.DELIVERIES.partition: {"S": limit.id}, RATE_LIMIT_COUNT: {"N": str(limit.limit)}},
    )


def three_waiting(api: ApiHarness) -> None:
    pending(api)
    later = [a_slot(f"2026-07-{day}T15:00", service_id="svc_checkup") for day in (16, 17)]
    submit_requests(api.application.bookings, *(a_request(practice_id=HARBOUR.id, requested=slot) for slot in later))


def accepted(api: ApiHarness) -> None:
    pending(api)
    accept_request(
        api.application.practices,
        api.application.bookings,
        a_command_context(JANES),
        an_acceptance(start="2026-07-15T14:30"),
    )


def to_be_written(api: ApiHarness) -> None:
    """Accepted, with a fixed id of the PMS write that a sample event can use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bookings.domain.decisions.accept.new_id", lambda *_: "apt_019f1e9f8a80000000000000000c")
        accepted(api)


def rejected(api: ApiHarness) -> None:
    pending(api)
    reject_request(api.application.practices, api.application.bookings, a_command_context(JANES), a_rejection())


def booked(api: ApiHarness) -> None:
    """Jane has an appointment in the PMS."""
    _known(api, _A1)


def linked(api: ApiHarness) -> None:
    pending(api)
    booked(api)
    _link(api, JANES)


def booked_for_another_request(api: ApiHarness) -> None:
    booked(api)
    first = a_request(practice_id=HARBOUR.id)
    submit_requests(api.application.bookings, first)
    _link(api, first)


def called_off(api: ApiHarness) -> None:
    """Jane had an appointment in the PMS."""
    _known(api, _A1.model_copy(update={"status": AppointmentStatus.CANCELLED}))


def cancelled_in_the_pms(api: ApiHarness) -> None:
    """Jane's request was linked, and then the PMS cancelled her appointment."""
    linked(api)
    api.send_events(HARBOUR, an_event(version=2, id="A1", status="cancelled")).part("accepted")


def confirmed(api: ApiHarness) -> None:
    """Jane's request was linked and confirmed for 9:00."""
    linked(api)
    request = api.application.bookings.load(HARBOUR.id, request_id=JANES.id).request
    assert request
    told = LastNotification(
        outbox_id="mail_1", kind="confirmation", at=NOW, slot=request.accepted, status="sent", linked=True
    )
    edit = Edit(request, request.model_copy(update={"last_notification": told}))
    api.application.bookings.commit(ChangeSet(stamp=a_stamp("outbox"), action="notify", request=edit))


def moved_in_the_pms(api: ApiHarness) -> None:
    """After the confirmation, the PMS moved Jane's appointment to 16:00."""
    confirmed(api)
    api.send_events(HARBOUR, an_event(version=2, id="A1", start="2026-07-16T16:00:00")).part("accepted")


def taken(api: ApiHarness) -> None:
    """The requested practitioner has another patient at the requested time."""
    slot = a_slot("2026-07-15T15:00", practitioner_id="prov_a", chair_id="chr_a")
    _known(api, an_appointment(id="B1", practice_id=HARBOUR.id, patient=a_stranger(), slot=slot))


def moved_every_week(api: ApiHarness) -> None:
    """Of nine requests for Tuesdays at 15:00 with prov_a, seven were moved because of a meeting."""
    for week in range(9):
        start = a_time("2026-04-14T15:00") + timedelta(weeks=week)
        asked = a_request(
            practice_id=HARBOUR.id,
            received_at=start.astimezone(UTC) - timedelta(days=6),
            requested=Slot(start=start, duration_minutes=30, practitioner_id="prov_a"),
        )
        before, after = asked.received_at - timedelta(days=1), asked.received_at + timedelta(hours=1)
        if week < 7:
            meeting = Slot(start=start, duration_minutes=60, practitioner_id="prov_a")
            _known(
                api, an_appointment(id=f"M{week}", practice_id=HARBOUR.id, patient=a_stranger(), slot=meeting), before
            )
        submit_requests(api.application.bookings, asked)
        earlier = {"start": (start - timedelta(minutes=30)).isoformat()} if week < 7 else {}
        accept_request(
            api.application.practices,
            api.application.bookings,
            a_command_context(asked, at=after),
            an_acceptance(**earlier),
        )
        classify_latest(api, asked)


def classify_latest(api: ApiHarness, request: Request) -> None:
    """Classify the request's latest decision, as the stream of history would."""
    entry = api.application.bookings.history(request.id)[-1]
    classify_decision(api.application.practices, api.application.bookings, api.application.misfits, entry)


_A1 = an_appointment(id="A1", practice_id=HARBOUR.id)


def _known(api: ApiHarness, appointment: Appointment, at: datetime = NOW) -> None:
    api.application.bookings.commit(
        ChangeSet(stamp=a_stamp("agent", at), action="x", appointment=Edit(None, appointment))
    )


def _link(api: ApiHarness, request: Request) -> None:
    link_request(api.application.practices, api.application.bookings, a_command_context(request), a_linking(_A1))
