"""What the patient of a request was last told, and by which e-mail."""

from datetime import datetime
from typing import Literal

from bookings.domain.kernel.base import Entity
from bookings.domain.scheduling.slot import Slot

NotificationKind = Literal["confirmation", "rejection", "cancellation", "wrong_appointment", "reopened"]
NotificationStatus = Literal["sending", "sent", "failed", "unknown"]


class LastNotification(Entity):
    """The last e-mail that may have reached the patient. It is written at the claim, from what was rendered.

    - `slot` is the slot that the e-mail names: the confirmed one, the one that is taken back, or the requested one of a
      rejection or of a request that is open again.
    - `linked`: it confirmed an appointment that the request was linked to, so the visit may stand after an undo.
    - `status` is what became of the e-mail. Even one that `failed` may have arrived: SES had accepted it. An e-mail
      that SES did not accept is no notification; the one before it stays.
    """

    outbox_id: str
    kind: NotificationKind
    at: datetime
    slot: Slot | None
    status: NotificationStatus
    linked: bool = False

    @property
    def confirmed_slot(self) -> Slot | None:
        """The slot at which the patient believes to be expected; None if the e-mail does not confirm any."""
        return self.slot if self.kind == "confirmation" else None
