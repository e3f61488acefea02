"""What a PMS event means to the requests that were left for later."""

from dataclasses import dataclass

from bookings.domain.change_set import ChangeSet, Edit, StaleSnapshot
from bookings.domain.decisions.auto_link import auto_link, flag_possible_match, matches_including, watching_requests
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.use_cases.ports import BookingStore


@dataclass
class WatchedRequests:
    """The practice's watched requests as a batch of events knows them; one that is decided meanwhile drops out."""

    bookings: BookingStore
    practice: Practice
    requests: list[Request]

    def link(self, edit: Edit[Appointment], stamp: Stamp) -> ChangeSet | None:
        """The change that takes the event in and links the request that has waited longest for it; None if none has.

        Those that may have waited for it ask for attention first, in transactions of their own: should we die before
        the event is taken in, it comes again and finds them so.
        """
        for request in watching_requests(edit, self.requests, stamp):
            others = self.bookings.candidates(self.practice, request.patient, stamp.at)
            matches = matches_including(edit.after, request, others)
            if change := auto_link(request, matches, edit, stamp):
                from bookings.domain.decisions.decision import add_decision_context  # noqa: PLC0415  # few batches link anything

                return add_decision_context(change, self.practice)
            self._resurface(request, stamp)
        return None

    def learn(self, request: Request | None) -> None:
        """Somebody else was faster with this request: go by what stands now."""
        if request:
            self.requests = [request if known.id == request.id else known for known in self.requests]

    def _resurface(self, request: Request, stamp: Stamp) -> None:
        change = flag_possible_match(request, stamp)
        if change is None:
            return
        try:
            self.bookings.commit(change)
        except StaleSnapshot as stale:  # whoever was faster has looked at it
            self.learn(stale.request)
        else:
            self.learn(change.decided)
