"""Each decision is classed once it stands, out of the way of whoever made it."""

from typing import Protocol

from bookings.domain.change_set import HistoryEntry
from bookings.domain.insights.misfit_cause import CLASSED, Misfit, misfit
from bookings.domain.scheduling.conflicts import sheets_of_days
from bookings.use_cases.optimistic_transaction import practice_of, request_of
from bookings.use_cases.ports import Bookings, Practices


class Misfits(Protocol):
    """Where misfits are noted."""

    def note(self, misfit: Misfit) -> bool:
        """Keep the misfit; False if what stands there is from the same decision or a newer one."""


def note(practices: Practices, bookings: Bookings, misfits: Misfits, entry: HistoryEntry) -> Misfit | None:
    """Class what this step of a request's history decided; the misfit, if it is one and news. Two reads and a write."""
    if entry.action not in CLASSED or entry.practice_id is None:
        return None
    practice = practice_of(practices, entry.practice_id)
    request = request_of(bookings.see(practice.id, request_id=entry.request_id))
    keys = sheets_of_days(practice, request.requested.days)
    found = misfit(practice, request, entry, bookings.see(practice.id, sheets=keys).sheets)
    return found if found and misfits.note(found) else None
