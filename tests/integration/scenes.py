"""The scenes that the events in events/ meet: Jane at Harbour Dental, and Zoé at Saint-Laurent, which can only link."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.slot import Slot
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.classify_misfits import classify_decision
from bookings.use_cases.link_request import link_request
from bookings.use_cases.reject_request import reject_request
from tests.builders import (
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
from tests.integration.house import House
from tests.stores import move_in, submitted

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

Scene = Callable[[House], None]


def two_practices(house: House) -> None:
    move_in(house.application.practices, HARBOUR, an_agent(HARBOUR, SECRET, OTHER_SECRET))
    move_in(house.application.practices, SAINT_LAURENT, an_agent(SAINT_LAURENT))
    submitted(house.application.bookings, ZOES)
    _known(house, an_appointment(id="A2", practice_id=SAINT_LAURENT.id, patient=ZOES.patient))


def pending(house: House) -> None:
    submitted(house.application.bookings, JANES)


def pending_without_email(house: House) -> None:
    by_phone = JANES.model_copy(update={"patient": a_patient(email=None)})
    submitted(house.application.bookings, by_phone)


def with_a_freshness_limit(house: House) -> None:
    house.application.practices.update_settings(HARBOUR.id, {"freshness_limit_minutes": 60})


def three_waiting(house: House) -> None:
    pending(house)
    later = [a_slot(f"2026-07-{day}T15:00", service_id="svc_checkup") for day in (16, 17)]
    submitted(house.application.bookings, *(a_request(practice_id=HARBOUR.id, requested=slot) for slot in later))


def accepted(house: House) -> None:
    pending(house)
    accept_request(
        house.application.practices,
        house.application.bookings,
        a_command_context(JANES),
        an_acceptance(start="2026-07-15T14:30"),
    )


def to_be_written(house: House) -> None:
    """Accepted, and the PMS write has a name that an event can use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bookings.domain.decisions.accept.new_id", lambda *_: "apt_019f1e9f8a80000000000000000c")
        accepted(house)


def rejected(house: House) -> None:
    pending(house)
    reject_request(house.application.practices, house.application.bookings, a_command_context(JANES), a_rejection())


def booked(house: House) -> None:
    """Jane has an appointment in the PMS."""
    _known(house, _A1)


def linked(house: House) -> None:
    pending(house)
    booked(house)
    _link(house, JANES)


def booked_for_another_request(house: House) -> None:
    booked(house)
    first = a_request(practice_id=HARBOUR.id)
    submitted(house.application.bookings, first)
    _link(house, first)


def called_off(house: House) -> None:
    """Jane had an appointment in the PMS."""
    _known(house, _A1.model_copy(update={"status": AppointmentStatus.CANCELLED}))


def cancelled_in_the_pms(house: House) -> None:
    """Jane's request was linked, and then the PMS called her appointment off."""
    linked(house)
    house.tell(HARBOUR, an_event(version=2, id="A1", status="cancelled")).shows("accepted")


def taken(house: House) -> None:
    """Somebody else sits with the wanted practitioner at the wanted time."""
    slot = a_slot("2026-07-15T15:00", practitioner_id="prov_a", chair_id="chr_a")
    _known(house, an_appointment(id="B1", practice_id=HARBOUR.id, patient=a_stranger(), slot=slot))


def moved_every_week(house: House) -> None:
    """Of nine requests for Tuesdays at three with prov_a, seven were moved: a meeting stood there already."""
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
                house, an_appointment(id=f"M{week}", practice_id=HARBOUR.id, patient=a_stranger(), slot=meeting), before
            )
        submitted(house.application.bookings, asked)
        earlier = {"start": (start - timedelta(minutes=30)).isoformat()} if week < 7 else {}
        accept_request(
            house.application.practices,
            house.application.bookings,
            a_command_context(asked, at=after),
            an_acceptance(**earlier),
        )
        told(house, asked)


def told(house: House, request: Request) -> None:
    """The stream of history tells of the request's latest step."""
    entry = house.application.bookings.history(request.id)[-1]
    classify_decision(house.application.practices, house.application.bookings, house.application.findings, entry)


_A1 = an_appointment(id="A1", practice_id=HARBOUR.id)


def _known(house: House, appointment: Appointment, at: datetime = NOW) -> None:
    house.application.bookings.commit(
        ChangeSet(stamp=a_stamp("agent", at), action="x", appointment=Edit(None, appointment))
    )


def _link(house: House, request: Request) -> None:
    link_request(house.application.practices, house.application.bookings, a_command_context(request), a_linking(_A1))
