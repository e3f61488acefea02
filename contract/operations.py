"""Body, answer and headers of each operation.

Routes and roles come from template.yaml, query parameters from the class `Query` in the function's module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bookings.domain.decisions.commands import Acceptance, Linking, Rejection, Submission, Watching
from bookings.domain.outbox.pms_write import Pull
from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.domain.scheduling.slot import Slot
from bookings.use_cases.receive_pms_events import BatchResult
from bookings.use_cases.submit_request import SubmittedRequest
from contract.answers import (
    ConversionReport,
    FindingsOfDays,
    HandledFinding,
    HistoryStep,
    Items,
    ListedReport,
    OwnRequest,
    Page,
    PlainLetter,
    PossibleMatch,
    PublicPractice,
    Pulled,
    ScheduleDay,
    StaffPractice,
    StaffRequest,
)


@dataclass(frozen=True)
class Operation:
    """The models of an operation's answer and body, its status, and the headers that it accepts."""

    answer: Any
    body: Any = None
    status: int = 200
    idempotency_key: bool | None = None
    """True if an Idempotency-Key is required, False if it is optional, None if it is not used."""
    if_match: bool = False
    is_table_too: bool = False
    """Whether the answer is also available as CSV (`Accept: text/csv`)."""


def _decision(body: Any) -> Operation:
    return Operation(StaffRequest, body, idempotency_key=False, if_match=True)


OPERATIONS: Mapping[str, Operation] = {
    "accept_request": _decision(Acceptance),
    "dismiss_attention": _decision(None),
    "mark_finding_handled": Operation(HandledFinding, idempotency_key=True),
    "link_request": _decision(Linking),
    "list_findings": Operation(FindingsOfDays),
    "list_matches": Operation(Items[PossibleMatch]),
    "list_nearest_openings": Operation(Items[Slot]),
    "list_public_openings": Operation(Items[Slot]),
    "list_reports": Operation(Items[ListedReport]),
    "list_requests": Operation(Page[StaffRequest]),
    "preview_email": Operation(PlainLetter),
    "pull_pms_writes": Operation(Pulled, Pull),
    "read_history": Operation(Items[HistoryStep]),
    "read_practice": Operation(StaffPractice),
    "read_public_practice": Operation(PublicPractice),
    "read_own_request": Operation(OwnRequest),
    "read_request": Operation(StaffRequest),
    "read_schedule": Operation(ScheduleDay),
    "receive_pms_events": Operation(BatchResult),
    "reject_request": _decision(Rejection),
    "reopen_request": _decision(None),
    "read_conversion_report": Operation(ConversionReport, is_table_too=True),
    "submit_request": Operation(SubmittedRequest, Submission, status=201, idempotency_key=True),
    "update_practice_settings": Operation(StaffPractice, PracticeSettings),
    "watch_request": _decision(Watching),
    "withdraw_request": Operation(OwnRequest, idempotency_key=False),
}
"""The operations by function, which is the name of its folder under functions/."""
