"""Correct what was mistyped about the patient of a request."""

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.checks import check_revision
from bookings.domain.decisions.commands import PatientCorrection
from bookings.domain.decisions.correct_patient import correct
from bookings.domain.decisions.patient_details import corrected_patient
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request
from bookings.use_cases.optimistic_transaction import (
    decide_and_commit,
    get_practice,
    get_request,
    idempotent,
    load_with_appointment,
)
from bookings.use_cases.ports import BookingStore, PracticeRepository


@idempotent
def correct_patient(
    practices: PracticeRepository, bookings: BookingStore, context: CommandContext, correction: PatientCorrection
) -> Request:
    """Correct the patient of a request.

    Two round trips, and one more if the request has an appointment or is watched.
    """
    practice = get_practice(practices, context.practice_id)
    snapshot = load_with_appointment(bookings, context)

    def decision(current: Snapshot) -> ChangeSet:
        if current.pms_write != snapshot.pms_write:  # an agent was faster, and may also have changed the appointment
            current = load_with_appointment(bookings, context)
        request = get_request(current)
        patient = corrected_patient(request.patient, correction, practice, context.stamp.at)
        check_revision(request, context.revisions)
        return correct(
            request,
            patient,
            context.stamp,
            has_new_match=_has_new_match(bookings, practice, request, patient, context),
            appointment=current.appointment,
            create=current.pms_write,
        )

    return decide_and_commit(bookings, context, snapshot, decision)


def _has_new_match(
    bookings: BookingStore, practice: Practice, request: Request, patient: Patient, context: CommandContext
) -> bool:
    """Whether a watched request has a match that nobody has seen yet. A request without a watch asks on accepting."""
    if request.watch is None or patient == request.patient:
        return False
    from bookings.domain.decisions.auto_link import has_new_match  # noqa: PLC0415  # few corrected requests are watched

    return has_new_match(request, patient, bookings.candidates(practice, patient, context.stamp.at))
