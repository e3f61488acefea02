"""The patient's appointments that may be the one asked for."""

from datetime import datetime

from bookings.domain.matching.match import Match
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, PracticeRepository


def list_matches(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str, now: datetime
) -> list[Match]:
    """The patient's appointments that the request may be about, best match first; its own is not among them."""
    from bookings.domain.matching.candidate_ranking import find_matches  # noqa: PLC0415  # no other function here compares patients

    practice = get_practice(practices, practice_id)
    request = get_request(bookings.load(practice.id, request_id=request_id))
    return find_matches(request, bookings.candidates(practice, request.patient, now))
