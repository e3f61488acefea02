"""What a PMS event means to the requests that were left for later."""

from dataclasses import dataclass

from bookings.domain.change_set import Change, Edit, Overtaken, Stamp
from bookings.domain.decisions.auto_link import late_link, matches_with, resurfaced, waiting_for
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.use_cases.ports import Bookings


@dataclass
class Watchers:
    """The practice's watched requests as a batch of events knows them; one that is decided meanwhile drops out."""

    bookings: Bookings
    practice: Practice
    requests: list[Request]

    def link(self, edit: Edit[Appointment], stamp: Stamp) -> Change | None:
        """The change that takes the event in and links the request that has waited longest for it; None if none has.

        Those that may have waited for it ask for attention first, in transactions of their own: should we die before
        the event is taken in, it comes again and finds them so.
        """
        for request in waiting_for(edit, self.requests, stamp):
            others = self.bookings.candidates(self.practice, request.patient, stamp.at)
            matches = matches_with(edit.after, request, others)
            if change := late_link(request, matches, edit, stamp):
                from bookings.domain.decisions.decision_context import noted  # noqa: PLC0415  # few batches link anything

                return noted(change, self.practice)
            self._resurface(request, stamp)
        return None

    def learn(self, request: Request | None) -> None:
        """Somebody else was faster with this request: go by what stands now."""
        if request:
            self.requests = [request if known.id == request.id else known for known in self.requests]

    def _resurface(self, request: Request, stamp: Stamp) -> None:
        change = resurfaced(request, stamp)
        if change is None:
            return
        try:
            self.bookings.commit(change)
        except Overtaken as overtaken:  # whoever was faster has looked at it
            self.learn(overtaken.request)
        else:
            self.learn(change.decided)
