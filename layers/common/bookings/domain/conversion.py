"""The Online Scheduling report: how many requests became appointments."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Literal

from bookings.domain.entity import Entity
from bookings.domain.request import RejectionReason, Resolution, Status
from bookings.domain.tally import TIME_TO_DECISION, Cohort, Tally

GroupBy = Literal["source", "practitioner", "service", "day"]

DEFINITIONS = {
    "gross_conversion": "accepted / (received - cancelled by the patient - duplicates - spam)",
    "decided_conversion": "accepted / (accepted + rejected without duplicates and spam + expired)",
    "cohort": "requests are counted on the day they were received, in the practice's time zone",
}


class Figures(Entity):
    """The figures of a period or of one group in it; rates run from 0 to 1 and are None where nothing counts."""

    received: int
    pending: int
    proposed: int
    accepted: int
    rejected: int
    cancelled: int
    expired: int
    resolutions: dict[str, int]
    rejection_reasons: dict[str, int]
    time_to_decision: dict[str, int]
    gross_conversion: float | None
    decided_conversion: float | None


class Group(Entity):
    """One line of a grouped report."""

    key: str
    figures: Figures


class Report(Entity):
    """Received requests of a period and what became of them; both days included."""

    practice_id: str
    from_day: date
    to_day: date
    group_by: GroupBy | None
    totals: Figures
    groups: tuple[Group, ...]
    definitions: dict[str, str] = DEFINITIONS


def report(
    practice_id: str, from_day: date, to_day: date, group_by: GroupBy | None, tallies: Iterable[Tally]
) -> Report:
    """The report over these tallies, which must be those of the period."""
    total: Counter[str] = Counter()
    grouped: dict[str, Counter[str]] = {}
    for tally in tallies:
        total.update(tally.counts)
        if group_by:
            grouped.setdefault(_GROUPS[group_by](tally.cohort), Counter()).update(tally.counts)
    return Report(
        practice_id=practice_id,
        from_day=from_day,
        to_day=to_day,
        group_by=group_by,
        totals=_figures(total),
        groups=tuple(Group(key=key, figures=_figures(count)) for key, count in sorted(grouped.items())),
    )


_GROUPS: dict[GroupBy, Callable[[Cohort], str]] = {
    "source": lambda cohort: cohort.source,
    "practitioner": lambda cohort: cohort.practitioner_id,
    "service": lambda cohort: cohort.service_id,
    "day": lambda cohort: cohort.day.isoformat(),
}


def _figures(count: Mapping[str, int]) -> Figures:
    status = {status.value: count.get(f"status_{status}", 0) for status in Status}
    reasons = {reason.value: count.get(f"reason_{reason}", 0) for reason in RejectionReason}
    noise = reasons[RejectionReason.DUPLICATE] + reasons[RejectionReason.SPAM]
    received, accepted = count.get("received", 0), status[Status.ACCEPTED]
    return Figures(
        received=received,
        **status,
        resolutions={resolution.value: count.get(f"resolution_{resolution}", 0) for resolution in Resolution},
        rejection_reasons=reasons,
        time_to_decision={name: count.get(f"decided_{name}", 0) for name in (*TIME_TO_DECISION, "longer")},
        gross_conversion=_rate(accepted, received - status[Status.CANCELLED] - noise),
        decided_conversion=_rate(accepted, accepted + status[Status.REJECTED] - noise + status[Status.EXPIRED]),
    )


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
