"""The patient's appointments that may be the one asked for."""

from datetime import datetime

from bookings.domain.matching.match import Match
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, PracticeRepository


def list_matches(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str, now: datetime
) -> list[Match]:
    """Appointments that the request may be about, best match first."""
    from bookings.domain.matching.candidate_ranking import rank_candidates  # noqa: PLC0415  # no other function here compares patients

    practice = get_practice(practices, practice_id)
    patient = get_request(bookings.load(practice.id, request_id=request_id)).patient
    return rank_candidates(patient, bookings.candidates(practice, patient, now))
