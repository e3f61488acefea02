"""Attentions: why the front desk should look again at a request. The most urgent one is shown."""

from collections.abc import Iterable
from enum import StrEnum

Attentions = tuple["Attention", ...]
"""The attentions of one request: each once, most urgent first."""


class Attention(StrEnum):
    """Why the front desk should look again at a request that it decided or watches, most urgent first (docs/adr/0017).

    `patient_changed_in_pms`: the appointment is another patient's now. `cancelled_in_pms`: the appointment was
    cancelled or deleted in the PMS. `write_failed`: the agent could not write the appointment into the PMS, or cancel
    it there. `write_timed_out`: no agent did so in time. `moved_in_pms`: the PMS moved the appointment after an e-mail
    had named its time. `mail_failed`: the latest e-mail did not reach the patient. `match_found`: the PMS has an
    appointment that may be the watched one, but not certainly.
    """

    PATIENT_CHANGED_IN_PMS = "patient_changed_in_pms"
    CANCELLED_IN_PMS = "cancelled_in_pms"
    WRITE_FAILED = "write_failed"
    WRITE_TIMED_OUT = "write_timed_out"
    MOVED_IN_PMS = "moved_in_pms"
    MAIL_FAILED = "mail_failed"
    MATCH_FOUND = "match_found"


_URGENCY = {attention: rank for rank, attention in enumerate(Attention)}


def add_attention(attentions: Attentions, *added: Attention) -> Attentions:
    """The attentions with these as well."""
    return _by_urgency({*attentions, *added})


def remove_attention(attentions: Attentions, *removed: Attention) -> Attentions:
    """The attentions without these."""
    return _by_urgency(set(attentions) - set(removed))


def _by_urgency(attentions: Iterable[Attention]) -> Attentions:
    return tuple(sorted(attentions, key=_URGENCY.__getitem__))
