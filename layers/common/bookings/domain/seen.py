"""What a use case has read, and how it goes on when somebody else was faster."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bookings.domain.change_set import Overtaken
from bookings.domain.kernel.idempotency import Receipt
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.conflicts import DaySheet, SheetKey


@dataclass(frozen=True)
class Seen:
    """The state of the world that a decision is made on. Sheets that nobody has written on are there, empty."""

    request: Request | None = None
    appointment: Appointment | None = None
    receipt: Receipt | None = None
    pms_write: PmsWrite | None = None
    sheets: Mapping[SheetKey, DaySheet] = field(default_factory=dict)

    def updated(self, overtaken: Overtaken) -> "Seen":
        """The same with what stands now: a failed condition brings it along, so nothing is read twice."""
        return replace(
            self,
            request=overtaken.request or self.request,
            appointment=overtaken.appointment or self.appointment,
            receipt=overtaken.receipt or self.receipt,
            pms_write=overtaken.pms_writes.get(self.pms_write.id, self.pms_write) if self.pms_write else None,
            sheets={**self.sheets, **overtaken.sheets},
        )
