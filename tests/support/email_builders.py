"""A practice, requests and e-mails about them, for tests of e-mails. Each is valid; tests name only what matters."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bookings.domain.kernel.wall_time import get_zone
from bookings.domain.outbox.email import Email, EmailKind, OverdueRequests
from bookings.domain.practice.practice import Capabilities, Pms, Practice, Practitioner
from bookings.domain.requests.last_notification import LastNotification
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Decision, Move, RejectionReason, Request, Status
from bookings.domain.scheduling.slot import Slot

NOW = datetime(2026, 7, 1, 17, 0, tzinfo=UTC)
SENDER = "bookings@chairlink.dev"
FRONT_DESK = ("desk@harbour.example", "second@harbour.example")


def a_practice(**changes: Any) -> Practice:
    practice = Practice(
        id="prac_harbour",
        name="Harbour Dental",
        timezone="America/Vancouver",
        country="CA",
        language="en",
        pms=Pms(kind="opendental", capabilities=Capabilities(create=True)),
        phone="+16045550100",
        address="1188 Quay Street, Vancouver, BC V6B 0A1",
        practitioners=(Practitioner(id="prov_chen", name="Dr. Maya Chen"),),
    )
    return practice.model_copy(update=changes)


def a_french_practice() -> Practice:
    return a_practice(
        name="Clinique Saint-Laurent",
        timezone="America/Toronto",
        language="fr",
        phone="+15145550100",
        address="4020, boul. Saint-Laurent, Montréal (Québec) H2W 1Y8",
        practitioners=(Practitioner(id="prov_chen", name="Dre Émilie Gagnon"),),
    )


def a_slot(hour: int = 14, minute: int = 30, *, practice: Practice | None = None, **changes: Any) -> Slot:
    tz = practice.zone if practice else get_zone("America/Vancouver")
    slot = Slot(
        start=datetime(2026, 7, 15, hour, minute, tzinfo=tz),
        duration_minutes=60,
        practitioner_id="prov_chen",
        chair_id="chair_2",
        service_id="svc_root_canal",
    )
    return slot.model_copy(update=changes)


def a_request(**changes: Any) -> Request:
    request = Request(
        id="req_1",
        practice_id="prac_harbour",
        revision=1,
        received_at=NOW - timedelta(hours=1),
        source="website",
        note="My tooth hurts",
        patient=Patient(first_name="Jane", last_name="Doe", email="jane@example.com"),
        requested=a_slot(15, 0),
        manage_digest="digest",
    )
    return request.model_copy(update=changes)


def an_accepted_request(**changes: Any) -> Request:
    return a_request(
        **{
            "status": Status.ACCEPTED,
            "revision": 2,
            "accepted": a_slot(),
            "decision": Decision(action=Move.ACCEPT, at=NOW, by="staff", notify=True),
            "outbox_id": "mail_1",
            "mail": "queued",
            **changes,
        }
    )


def a_rejected_request(reason: RejectionReason = RejectionReason.NO_OPENING, **changes: Any) -> Request:
    decision = Decision(
        action=Move.REJECT, at=NOW, by="staff", notify=True, reason=reason, note="Was rude on the phone"
    )
    return a_request(
        **{"status": Status.REJECTED, "revision": 2, "decision": decision, "outbox_id": "mail_1", "mail": "queued"}
        | changes
    )


def an_email(kind: EmailKind = EmailKind.CONFIRMATION, **changes: Any) -> Email:
    email = Email(
        outbox_id="mail_1",
        practice_id="prac_harbour",
        request_id="req_1",
        revision=2,
        kind=kind,
        correlation_id="call-1",
        due_at=NOW + timedelta(minutes=5),
    )
    return email.model_copy(update=changes)


def a_cancellation(**changes: Any) -> Email:
    """The cancellation of the confirmation `mail_1`."""
    return an_email(
        EmailKind.CANCELLATION,
        **{"outbox_id": "mail_2", "revision": 3, "cancels": "mail_1", "taken_back": a_slot(), **changes},
    )


def a_wrong_appointment_email(**changes: Any) -> Email:
    """The e-mail that takes back `mail_1`, the confirmation of a linked appointment."""
    return a_cancellation(**changes).model_copy(update={"kind": EmailKind.WRONG_APPOINTMENT})


def a_reopened_email(**changes: Any) -> Email:
    """The e-mail that takes back the rejection `mail_1`."""
    return an_email(EmailKind.REOPENED, **{"outbox_id": "mail_2", "revision": 3, "cancels": "mail_1", **changes})


def a_notification(**changes: Any) -> LastNotification:
    """What the confirmation `mail_1` told the patient."""
    told = LastNotification(outbox_id="mail_1", kind="confirmation", at=NOW, slot=a_slot(), status="sent")
    return told.model_copy(update=changes)


def an_overdue_email(waiting: int = 1, practice: Practice | None = None) -> Email:
    """An e-mail to the front desk about so many overdue requests."""
    start = a_slot(practice=practice).start
    return Email(
        outbox_id="mail_9",
        practice_id="prac_harbour",
        kind=EmailKind.OVERDUE,
        overdue=OverdueRequests(target_minutes=240, waiting=((start, NOW - timedelta(hours=5)),) * waiting),
        correlation_id="clock-1",
        due_at=NOW,
    )
