"""What neither the template nor the handler says about an operation: body, headers, and its own problems.

Routes and roles come from template.yaml, query parameters from the class `Query` in the function's module, the answer
from the handler's return annotation, summary and description from the module's docstring.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel

from bookings.domain.decisions.commands import (
    Acceptance,
    Linking,
    PatientCorrection,
    Rejection,
    Reopening,
    Submission,
    Watching,
)
from bookings.domain.kernel.errors import ProblemType
from bookings.domain.outbox.pms_write import Pull
from bookings.domain.practice.practice_settings import PracticeSettings
from contract.event_schemas import EventBatch


@dataclass(frozen=True)
class Operation:
    """The body of an operation, its status, the headers that it takes, and the problems that only it has."""

    body: type[BaseModel] | None = None
    body_is_optional: bool = False
    status: int = 200
    idempotency_key: bool | None = None
    """True if an Idempotency-Key is required, False if it is optional, None if it is not used."""
    if_match: bool = False
    has_etag: bool = False
    for_managers: bool = False
    problems: tuple[ProblemType, ...] = ()
    """Beyond those that follow from its route, its parameters and its body."""


def _decision(body: type[BaseModel] | None, *problems: ProblemType) -> Operation:
    return Operation(body, idempotency_key=False, if_match=True, has_etag=True, problems=problems)


OPERATIONS: Mapping[str, Operation] = {
    "accept_request": _decision(
        Acceptance, "already-decided", "move-not-allowed", "pms-cannot-create", "possible-match", "schedule-conflict"
    ),
    "correct_patient": _decision(PatientCorrection),
    "dismiss_attention": _decision(None, "move-not-allowed"),
    "link_request": _decision(
        Linking,
        "already-decided",
        "move-not-allowed",
        "appointment-not-found",
        "appointment-cancelled",
        "appointment-taken",
    ),
    "list_findings": Operation(),
    "list_matches": Operation(),
    "list_nearest_openings": Operation(),
    "list_public_openings": Operation(),
    "list_reports": Operation(for_managers=True),
    "list_requests": Operation(),
    "mark_finding_handled": Operation(idempotency_key=True, problems=("finding-not-found",)),
    "notify_patient": _decision(None, "move-not-allowed"),
    "preview_email": Operation(),
    "pull_pms_writes": Operation(Pull, body_is_optional=True),
    "read_conversion_report": Operation(for_managers=True),
    "read_history": Operation(),
    "read_own_request": Operation(),
    "read_practice": Operation(),
    "read_public_practice": Operation(),
    "read_request": Operation(has_etag=True),
    "read_schedule": Operation(),
    "receive_pms_events": Operation(EventBatch),
    "reject_request": _decision(Rejection, "already-decided", "move-not-allowed"),
    "reopen_request": replace(_decision(Reopening, "move-not-allowed"), body_is_optional=True),
    "submit_request": Operation(Submission, status=201, idempotency_key=True),
    "update_practice_settings": Operation(PracticeSettings, for_managers=True),
    "watch_request": _decision(Watching, "already-decided", "move-not-allowed"),
    "withdraw_request": Operation(idempotency_key=False, problems=("already-decided", "move-not-allowed")),
}
"""The operations by function, which is the name of its folder under functions/."""
