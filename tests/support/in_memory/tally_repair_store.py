"""The tallies of an InMemoryBookingStore, to recount and to correct."""

from datetime import date

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.tally import cohort
from bookings.domain.reporting.tally_audit import TallyDifference
from bookings.domain.requests.request import Request
from tests.support.in_memory.booking_store import InMemoryBookingStore


class InMemoryTallyRepairStore:
    """The TallyRepairStore in memory."""

    def __init__(self, bookings: InMemoryBookingStore) -> None:
        self._bookings = bookings

    def requests_received(self, practice: Practice, first_day: date, last_day: date) -> list[Request]:
        def is_in(request: Request) -> bool:
            return first_day <= request.received_at.astimezone(practice.zone).date() <= last_day

        return [one for one in self._bookings.all_requests() if one.practice_id == practice.id and is_in(one)]

    def correct_tally(self, practice_id: str, difference: TallyDifference) -> bool:
        tally = self._bookings.tally_counts(practice_id, difference.cohort)
        if any(tally[column] != number for column, number in difference.tallied):
            return False
        tally.update({column: number - tally[column] for column, number in difference.true})
        return True

    def miscount(self, request: Request, column: str = "received") -> None:
        """Add one to a column of the request's tally, as a bug would."""
        self._bookings.tally_counts(request.practice_id, cohort(request))[column] += 1
