"""Link watched requests to the appointment of a PMS event."""

from dataclasses import dataclass

from bookings.domain.change_set import ChangeSet, Edit, StaleSnapshot
from bookings.domain.decisions.auto_link import (
    auto_link,
    flag_possible_match,
    matches_including,
    matching_watched_requests,
)
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.use_cases.ports import BookingStore


@dataclass
class WatchedRequests:
    """The practice's watched requests, kept up to date while a batch of events is ingested."""

    bookings: BookingStore
    practice: Practice
    requests: list[Request]

    def link(self, edit: Edit[Appointment], stamp: Stamp) -> ChangeSet | None:
        """A change set that applies the event and links the oldest request with a certain match; None if there is none.

        Requests with a match that is not certain get attention first, in transactions of their own. After a crash in
        between, the agent sends the event again.
        """
        for request in matching_watched_requests(edit, self.requests, stamp):
            candidates = self.bookings.candidates(self.practice, request.patient, stamp.at)
            matches = matches_including(edit.after, request, candidates)
            if change := auto_link(request, matches, edit, stamp):
                from bookings.domain.decisions.decision_change_set import add_decision_context  # noqa: PLC0415  # few batches link anything

                return add_decision_context(change, self.practice)
            self._flag_possible_match(request, stamp)
        return None

    def replace(self, request: Request | None) -> None:
        """Replace a request by its newer stored state. None changes nothing."""
        if request:
            self.requests = [request if known.id == request.id else known for known in self.requests]

    def _flag_possible_match(self, request: Request, stamp: Stamp) -> None:
        change = flag_possible_match(request, stamp)
        if change is None:
            return
        try:
            self.bookings.commit(change)
        except StaleSnapshot as stale:  # another decision was faster, so no attention is needed
            self.replace(stale.request)
        else:
            self.replace(change.request_after)
