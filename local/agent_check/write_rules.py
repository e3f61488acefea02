"""Rules for PMS writes: pulls, outcomes, duplicates, refusals and how the appointment is identified."""

from local.agent_check.recording import HandOut, Json, Recording
from local.agent_check.verdict import Rule, Verdict, failed, not_seen, passed

_PULL = "the agent pulls writes only if it may create appointments; let it pull"
_KEEP_PULLING = "let the agent pull until the check has handed out all its writes"


def pulls_writes(recording: Recording) -> Verdict:
    """The agent pulls."""
    pulls = recording.of("pull")
    if not pulls:
        return not_seen(_PULL)
    return passed(f"{len(pulls)} pulls, {len(recording.hand_outs)} writes handed out")


def reports_every_outcome(recording: Recording) -> Verdict:
    """Every write that was handed out gets write.completed or write.failed."""
    handed_out = {one.write_id: one for one in reversed(recording.hand_outs)}  # the first hand-out of each
    reported = {str(data.get("write_id")) for data in recording.data("write.completed", "write.failed")}
    if unknown := reported - set(handed_out):
        return failed(f"an outcome of {min(unknown)}, which was never handed out", "the write_id of the pulled write")
    waiting = [one for one in handed_out.values() if one.write_id not in reported]
    for one in waiting:
        if recording.ended_at - one.at > recording.pace.answer_within:
            return failed(f"no outcome of {one.write_id} ({one.purpose})", "write.completed or write.failed")
    if waiting or not handed_out:
        return not_seen(_KEEP_PULLING)
    return passed(f"the outcomes of {len(handed_out)} writes")


def creates_one_appointment(recording: Recording) -> Verdict:
    """A create that is handed out twice makes one appointment, reported both times with the same id."""
    create = _of_purpose(recording, "create")
    if create is None:
        return not_seen(_PULL)
    completed = [str(data.get("appointment_id")) for data in _outcomes(recording, "write.completed", create)]
    ids = sorted({*completed, *(str(data.get("id")) for data in _appointments(recording, create))})
    if len(ids) > 1:
        return failed(f"the appointments {', '.join(ids)} for one write", "one appointment for one write_id")
    count = sum(one.write_id == create.write_id for one in recording.hand_outs)
    if count < 2 or len(completed) < 2:
        return not_seen(_KEEP_PULLING)
    return passed(f"appointment {ids[0]} for a write handed out {count} times")


def reports_refusal(recording: Recording) -> Verdict:
    """A write for a taken slot fails with a reason for the front desk."""
    refused = _of_purpose(recording, "refused")
    if refused is None:
        return not_seen(_KEEP_PULLING)
    for data in _outcomes(recording, "write.failed", refused):
        reason = data.get("reason")
        if not isinstance(reason, str) or not reason.strip():
            return failed("write.failed without a reason", "a text for the front desk")
        return passed(f"write.failed: {reason}")
    if _outcomes(recording, "write.completed", refused):
        return not_seen("your PMS took two appointments in one chair; block that chair and time, then check again")
    return not_seen(_KEEP_PULLING)


def identifies_appointment(recording: Recording) -> Verdict:
    """Chairlink can identify the created appointment: by write_id in its event, or by the id in write.completed."""
    create = _of_purpose(recording, "create")
    completed = _outcomes(recording, "write.completed", create) if create else []
    if create is None or not completed:
        return not_seen(_KEEP_PULLING)
    reported = {str(data.get("id")) for data in recording.data("appointment.upserted")}
    by_write_id = [data for data in recording.data("appointment.upserted") if data.get("write_id") == create.write_id]
    named = [data["appointment_id"] for data in completed if data.get("appointment_id")]
    if not named and not by_write_id:
        return failed("neither appointment_id in write.completed nor write_id in an event", "at least one, better both")
    if by_write_id or str(named[0]) in reported:
        return passed(f"write_id in {len(by_write_id)} events, appointment_id in {len(named)} outcomes")
    if recording.ended_at - create.at > recording.pace.answer_within:
        return failed(f"no appointment.upserted of the created appointment {named[0]}", "an event with its write_id")
    return not_seen("wait for the event of the created appointment")


def cancels_appointments(recording: Recording) -> Verdict:
    """A cancel is completed, also of an appointment that does not exist."""
    for purpose, what in (("cancel", "its own appointment"), ("absent", "an appointment that does not exist")):
        cancel = _of_purpose(recording, purpose)
        if cancel is None:
            return not_seen(_KEEP_PULLING)
        if refusals := _outcomes(recording, "write.failed", cancel):
            return failed(f"the cancel of {what} failed: {refusals[0].get('reason')}", "write.completed")
        if not _outcomes(recording, "write.completed", cancel):
            return not_seen(_KEEP_PULLING)
    return passed("two cancels completed")


def _of_purpose(recording: Recording, purpose: str) -> HandOut | None:
    return next((one for one in recording.hand_outs if one.purpose == purpose), None)


def _outcomes(recording: Recording, kind: str, write: HandOut) -> list[Json]:
    return [data for data in recording.data(kind) if data.get("write_id") == write.write_id]


def _appointments(recording: Recording, write: HandOut) -> list[Json]:
    """Events of appointments that carry the write id, or the name that only this write has."""
    return [
        data
        for data in recording.data("appointment.upserted")
        if data.get("write_id") == write.write_id or _name(data.get("patient")) == _name(write.patient)
    ]


def _name(patient: object) -> tuple[str, str] | None:
    if not isinstance(patient, dict):
        return None
    return str(patient.get("first_name")).casefold(), str(patient.get("last_name")).casefold()


WRITE_RULES = (
    Rule("pull", pulls_writes),
    Rule("outcome", reports_every_outcome),
    Rule("one-appointment", creates_one_appointment),
    Rule("refusal", reports_refusal),
    Rule("identification", identifies_appointment),
    Rule("cancel", cancels_appointments),
)
