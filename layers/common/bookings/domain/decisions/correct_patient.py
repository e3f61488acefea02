"""Correct what was mistyped about the patient of a request."""

from dataclasses import replace

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.watch import RECHECK_DELAY
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.attention import Attention, add_attention
from bookings.domain.requests.manage_token import new_manage_token
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request


def correct(
    request: Request,
    patient: Patient,
    stamp: Stamp,
    *,
    has_new_match: bool = False,
    appointment: Appointment | None = None,
    create: PmsWrite | None = None,
) -> ChangeSet:
    """Replace the patient of a request in any status. If nothing changes, there is no new revision.

    - With another e-mail address the manage token ends: whoever got it at the old one has no access any more. The new
      token is known to nobody, because no e-mail carries one yet.
    - A watched request is checked again, for appointments that it missed as it was. `has_new_match` says that there are
      some.
    - An appointment that no agent can have written into the PMS yet is written with the corrected patient. Afterwards
      the PMS has its own record of the patient, which only the practice can correct.
    """
    if patient == request.patient:
        return ChangeSet(stamp=stamp, action="correct", request=Edit(request, request))
    fields: dict[str, object] = {"patient": patient}
    if patient.email != request.patient.email:
        fields["manage_digest"] = new_manage_token(request.practice_id, request.id).digest
    if request.watch:
        fields["look_again_at"] = stamp.at + RECHECK_DELAY
    if has_new_match:
        fields["attentions"] = add_attention(request.attentions, Attention.MATCH_FOUND)
    change = ChangeSet(stamp=stamp, action="correct", request=revise(request, **fields))
    if appointment is None or create is None or appointment.is_in_pms or create.may_have_been_carried_out:
        return change
    # The new revision of the write stops an agent that is pulling it with the old patient.
    return replace(change, appointment=revise(appointment, patient=patient), pms_writes=(revise(create),))
