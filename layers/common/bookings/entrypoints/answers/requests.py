"""Booking requests in answers: as staff see them, as their patient sees them, and their history."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.last_notification import LastNotification, NotificationKind, NotificationStatus
from bookings.domain.requests.other_requests import OtherRequest, duplicated_request
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import (
    Decision,
    MailStatus,
    PmsEvidence,
    PmsWriteStatus,
    Request,
    Resolution,
    Status,
    Watch,
)
from bookings.domain.scheduling.conflicts import Fit
from bookings.domain.scheduling.slot import Slot
from bookings.entrypoints.endpoint import Answer, etag


class Notification(TypedDict):
    """The last e-mail that may have reached the patient, and the visit that it names."""

    outbox_id: str
    """The id of the e-mail."""
    kind: NotificationKind
    at: datetime
    """When it was handed to the mail service."""
    start: datetime | None
    """The start that it names, by `kind`.

    `confirmation` confirms it, `cancellation` cancels it, `rejection` turns it down. `wrong_appointment` takes back the
    confirmation of a linked appointment, `reopened` says that the rejected request is open again.
    """
    duration_minutes: int | None
    practitioner_id: str | None
    status: NotificationStatus
    """What became of it.

    `sending`: the mail service has not answered yet. `sent`: it has accepted or delivered the e-mail. `failed`: the
    e-mail bounced, and may have arrived all the same. `unknown`: it may have been sent.
    """


class MailFailure(TypedDict):
    """Why the latest e-mail did not reach the patient."""

    code: str
    """Such as `bounced`."""
    reason: str
    """The same in words."""


class NewAppointment(TypedDict):
    """The patient's new appointment, after the request's own was cancelled or deleted in the PMS."""

    appointment_id: str
    """Link the request to it with `POST …/link`."""
    start: datetime
    duration_minutes: int
    practitioner_id: str | None
    chair_id: str | None
    service_id: str | None


class StaffRequest(TypedDict):
    """A request as the front desk sees it. `requested` never changes; the accepted time is in `accepted`."""

    # `/docs` shows the text of a field instead of that of its type, so `resolution`, whose type explains it, has none.

    id: str
    practice_id: str
    status: Status
    resolution: Resolution | None
    revision: int
    """Send it in `If-Match` with a decision."""
    received_at: datetime
    answer_by: datetime | None
    """When the practice's target time to decision ends, counted in its business hours; null without a target."""
    overdue: bool
    """True once it was still pending at `answer_by`; the front desk then got an e-mail. It makes no new revision."""
    source: str
    """Where the patient asked, such as `website`."""
    note: str | None
    """What the patient wrote."""
    new_patient: bool | None
    """The patient's own answer; null if they gave none."""
    suspected_spam: bool
    """True if a field was filled in that no patient sees. Look at it, and reject it with the reason `spam` if it is."""
    patient: Patient
    may_email: bool
    """False if the patient asked not to get e-mails."""
    requested: Slot
    """What the patient asked for. It never changes."""
    accepted: Slot | None
    """What was booked. It follows the appointment when the PMS moves it; null unless accepted."""
    appointment_id: str | None
    """The appointment that was made for it or linked to it; null unless accepted, and once it is another patient's."""
    appointment_status: AppointmentStatus | None
    """The status of the appointment, as the PMS reports it; `cancelled` also once it is another patient's."""
    appointment_cancelled_at: datetime | None
    """When Chairlink learned that the PMS had cancelled the appointment or given it to another patient; else null."""
    pms_write: PmsWriteStatus
    """What became of writing the appointment into the PMS.

    `not_required`: there is nothing to write, for instance for a linked request. `queued`: the write waits for the PMS
    agent. `complete`: the appointment is in the PMS. `failed`: the PMS refused it, see `pms_write_reason`. `timed_out`:
    no agent finished it in time; an outcome that comes later still counts.
    """
    pms_write_reason: str | None
    """Why the PMS refused the write, for staff to read."""
    pms_evidence: PmsEvidence | None
    """Whether the PMS has reported the appointment although its write failed or timed out.

    `awaited`: not yet. `missing`: not within a week of the acceptance. Null: nothing is awaited.
    """
    decision: Decision | None
    """The latest decision; null while the request is pending."""
    mail: MailStatus | None
    """What became of the latest e-mail to the patient.

    `queued`: it will be sent. `sent`: the mail service has accepted or delivered it. `failed`: it could not be sent, or
    it bounced, so reach the patient in another way. `unknown`: it may have been sent, and is not sent again; the mail
    service can still settle it. Null: there is none, for instance because the confirmation waits for the PMS
    (`confirm_when` is `written`). A change of `mail` makes no new revision.
    """
    mail_due_at: datetime | None
    """When a `queued` e-mail goes out at the earliest: the end of the undo window. Reopen the request before that, and
    nothing is sent. Null if it goes out at once, and unless `mail` is `queued`. It makes no new revision."""
    attention: Attention | None
    """The most urgent of `attentions`; null if there is none. `POST …/dismiss` takes it away."""
    attentions: tuple[Attention, ...]
    """Why the request needs another look although it is decided or watched, most urgent first."""
    mail_failure: MailFailure | None
    """Null unless `mail` is `failed`."""
    last_notification: Notification | None
    """What the patient was last told. Where `accepted` has another start, the PMS has moved the appointment since."""
    notice_due_at: datetime | None
    """When the patient is told by itself that the PMS has moved the visit, unless it moves again; else null."""
    new_appointment: NewAppointment | None
    """The appointment that may replace the one that this request has lost, as some PMSs move by delete and create.

    Null while no attention shows such a loss, and in lists and the answers to decisions.
    """
    watch: Watch | None
    """Null unless the request waits for the PMS to send its appointment."""
    fit: Fit | None
    """Whether the requested time still fits the schedule; null after the decision, and in the answers to decisions."""
    other_requests: Sequence[OtherRequest] | None
    """The same patient's other requests that are open, ahead or received in the last 90 days, the newest first.

    The patient is the same if the names are, and also e-mail address, phone number or birth date. 10 at most; a list
    looks for them among the requests of the same page. Null where `fit` is.
    """
    duplicate_of: str | None
    """The id of the patient's first pending request for the same start and service; null if there is none before it."""


class PracticeContact(TypedDict):
    """The practice that the request was sent to."""

    id: str
    name: str
    phone: str | None


class OwnSlot(TypedDict):
    """A slot as the patient sees it, without the chair."""

    start: datetime
    duration_minutes: int
    service_id: str | None
    """Null if no service was chosen."""
    practitioner_id: str | None
    """Null for any practitioner."""


class OwnRequest(TypedDict):
    """A request as its patient sees it: what the page shows and no more, because whoever has the link sees it too."""

    id: str
    status: Status
    requested: OwnSlot
    """What the patient asked for. It never changes."""
    accepted: OwnSlot | None
    """What was booked; null unless accepted."""
    practice: PracticeContact


class HistoryStep(TypedDict):
    """A change of a request: who, when, and the changed fields before and after."""

    revision: int
    action: str
    """A move such as `accept`, or `submit`, `watch`, `dismiss`, `match_found`, `pms_changed`, `write_completed`,
    `write_failed`, `write_timed_out`, `evidence_missing`, `patient_changed`, `correct`, `relink`, `notify` or
    `mail_failed`."""
    at: datetime
    by: str
    """`staff:<id>`, `patient`, `agent:<id>`, or `clock` or `sweep` for scheduled functions, `outbox` for e-mails."""
    by_name: str | None
    """The staff member's name; null if no staff acted."""
    before: Mapping[str, object] | None
    """Null in the first step."""
    after: Mapping[str, object]
    """The same fields after the change. Only the first step has what was asked for, which never changes.

    That is `requested`, `source`, `new_patient` and `may_email`. The patient's details are in no step: after a
    correction, `corrected` names the fields that were corrected.
    """


def to_staff_request(
    request: Request,
    fit: Fit | None = None,
    others: Sequence[OtherRequest] | None = None,
    new_appointment: Appointment | None = None,
) -> StaffRequest:
    """The request as staff see it.

    Only an undecided request has a `fit` and `other_requests`, and only an accepted one a new appointment.
    """
    return {
        "id": request.id,
        "practice_id": request.practice_id,
        "status": request.status,
        "resolution": request.resolution,
        "revision": request.revision,
        "received_at": request.received_at,
        "answer_by": request.answer_by,
        "overdue": request.overdue,
        "source": request.source,
        "note": request.note,
        "new_patient": request.new_patient,
        "suspected_spam": request.suspected_spam,
        "patient": request.patient,
        "may_email": request.may_email,
        "requested": request.requested,
        "accepted": request.accepted,
        "appointment_id": request.appointment_id,
        "appointment_status": request.appointment_status,
        "appointment_cancelled_at": request.appointment_cancelled_at,
        "pms_write": request.pms_write,
        "pms_write_reason": request.pms_write_reason,
        "pms_evidence": request.pms_evidence,
        "decision": request.decision,
        "mail": request.mail,
        "mail_due_at": request.mail_due_at if request.mail == "queued" else None,
        "attention": request.attention,
        "attentions": request.attentions,
        "mail_failure": _to_mail_failure(request.mail_failure) if request.mail_failure else None,
        "last_notification": _to_notification(request.last_notification) if request.last_notification else None,
        "notice_due_at": request.automatic_notice_at,
        "new_appointment": _to_new_appointment(new_appointment) if new_appointment else None,
        "watch": request.watch,
        "fit": fit,
        "other_requests": others,
        "duplicate_of": duplicated_request(request, others) if others else None,
    }


def _to_new_appointment(appointment: Appointment) -> NewAppointment | None:
    slot = appointment.slot
    if slot is None:
        return None
    return {
        "appointment_id": appointment.id,
        "start": slot.start,
        "duration_minutes": slot.duration_minutes,
        "practitioner_id": slot.practitioner_id,
        "chair_id": slot.chair_id,
        "service_id": slot.service_id,
    }


def _to_notification(told: LastNotification) -> Notification:
    return {
        "outbox_id": told.outbox_id,
        "kind": told.kind,
        "at": told.at,
        "start": told.slot.start if told.slot else None,
        "duration_minutes": told.slot.duration_minutes if told.slot else None,
        "practitioner_id": told.slot.practitioner_id if told.slot else None,
        "status": told.status,
    }


_MAIL_FAILURES: Mapping[str, str] = {
    "no_address": "The request has no e-mail address.",
    "address_unusable": "The e-mail address cannot be written to.",
    "appointment_cancelled": "The appointment was cancelled before the e-mail was sent.",
    "appointment_past": "The visit was over before the e-mail could be sent.",
    "bounced": "The e-mail address does not exist, or its mail server refuses our e-mails.",
    "bounced_transiently": "The mailbox was full or could not be reached.",
    "rejected": "The mail service refused to send the e-mail.",
}


def _to_mail_failure(code: str) -> MailFailure:
    """The failure in words. Codes that are not listed come from the mail service or from an error of ours."""
    return {"code": code, "reason": _MAIL_FAILURES.get(code, "The mail service could not send the e-mail.")}


def answer_with_request(
    request: Request,
    fit: Fit | None = None,
    others: Sequence[OtherRequest] | None = None,
    new_appointment: Appointment | None = None,
) -> Answer[StaffRequest]:
    """The answer with this request, and its revision as ETag."""
    return Answer(to_staff_request(request, fit, others, new_appointment), headers=etag(request.revision))


def to_own_request(practice: Practice, request: Request) -> OwnRequest:
    """The request as its patient sees it."""
    return {
        "id": request.id,
        "status": request.status,
        "requested": _to_own_slot(request.requested),
        "accepted": _to_own_slot(request.accepted) if request.accepted else None,
        "practice": {"id": practice.id, "name": practice.name, "phone": practice.phone},
    }


def _to_own_slot(slot: Slot) -> OwnSlot:
    return {
        "start": slot.start,
        "duration_minutes": slot.duration_minutes,
        "service_id": slot.service_id,
        "practitioner_id": slot.practitioner_id,
    }


def to_history_step(entry: HistoryEntry) -> HistoryStep:
    """One entry of a request's history."""
    return {
        "revision": entry.revision,
        "action": entry.action,
        "at": entry.at,
        "by": entry.by,
        "by_name": entry.by_name,
        "before": entry.before,
        "after": entry.after,
    }
