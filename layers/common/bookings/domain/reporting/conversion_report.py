"""The conversion report (Online Scheduling): how many requests became appointments, and how quickly."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.drill_down import COUNTED_AS, list_query
from bookings.domain.reporting.quality_flags import QualityFlag
from bookings.domain.reporting.tally import AGES, Cohort, Tally, age_column
from bookings.domain.reporting.time_to_decision import TimeToDecision, time_to_decision
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import RejectionReason, Resolution, Status

GroupBy = Literal["source", "practitioner", "chair", "service", "weekday", "hour", "patient", "day"]

DEFINITIONS = {
    "cohort": "requests are counted on the day they were received, in the practice's time zone",
    "gross_conversion": "accepted / (received - withdrawn by the patient - duplicates - spam)",
    "decided_conversion": "accepted / (accepted + rejected without duplicates and spam + expired)",
    "kept_rate": "(arrived + fulfilled) / (arrived + fulfilled + noshow + cancelled), by the PMS's status of the "
    "accepted requests' appointments",
    "time_to_decision": "from receipt to acceptance or rejection; clock counts all minutes, opening_hours only those "
    "in which the practice was open; median and p90 are estimated within their bucket",
    "pending_by_age": "whole days from the day of receipt to the day of the report",
    "guardrails.no_pms_evidence": "accepted, but the write into the PMS failed or timed out, and a week after the "
    "acceptance the PMS had still not reported the appointment; acceptances from before this was recorded are not "
    "counted",
    "guardrails.cancelled_within_a_day": "accepted or linked, and less than 24 hours later the PMS reported that the "
    "appointment was cancelled or deleted; not counted if the PMS has restored it since",
    "guardrails.linked_to_earlier_appointment": "linked to an appointment that Chairlink had first received before the "
    "request, so the patient may have had it anyway; a PMS does not report when an appointment was entered, so an "
    "earlier appointment that was first received after the request is not counted",
    "weekday": "of the requested start; ISO 8601: 1 is Monday",
    "hour": "of the requested start, in the practice's time zone",
    "patient": "the patients' own answer: new or existing",
    "previous": "the period of the same length that ends the day before this one starts",
    "drill_down": "add a figure's parameters to its group's `requests`: that list has exactly the requests counted",
}
"""What each figure of the report means, for its readers."""


class Clocks(Entity):
    """Time to decision in two measures: all minutes, and minutes of business hours."""

    clock: TimeToDecision
    opening_hours: TimeToDecision


class Figures(Entity):
    """The figures of a period, or of one group in it.

    Rates are from 0 to 1, and null where their denominator is 0.
    """

    received: int = Field(description="all requests; every other count is a part of them")
    pending: int
    proposed: int
    accepted: int
    rejected: int
    cancelled: int = Field(description="withdrawn by the patient")
    expired: int
    resolutions: dict[str, int] = Field(description="accepted requests, by `resolution`")
    rejection_reasons: dict[str, int] = Field(description="rejected requests, by `reason`")
    appointments: dict[str, int] = Field(description="accepted requests, by the status of their appointment in the PMS")
    guardrails: dict[str, int] = Field(
        description="accepted requests that may overstate conversion, by the reason; `definitions` explains each"
    )
    pending_by_age: dict[str, int] = Field(description="pending requests, by whole days since receipt")
    time_to_decision: Clocks
    gross_conversion: float | None = Field(description="accepted / (received - cancelled - duplicates - spam)")
    decided_conversion: float | None = Field(
        description="accepted / (accepted + rejected without duplicates and spam + expired)"
    )
    kept_rate: float | None = Field(description="(arrived + fulfilled) / (arrived + fulfilled + noshow + cancelled)")


class Group(Entity):
    """One group of a report, with a link to its requests. `key` is empty for requests without a value."""

    key: str
    name: str = Field(description="the display name of the group, in English")
    figures: Figures
    previous: Figures = Field(description="the same figures for the previous period")
    requests: str = Field(description="path and query of the request list that finds these requests")


class Period(Entity):
    """A period by day of receipt, both days included, and the figures of its requests."""

    from_day: date
    to_day: date
    totals: Figures
    requests: str


class Report(Entity):
    """The requests received in a period and their outcomes, compared with the previous period."""

    practice_id: str
    from_day: date
    to_day: date
    group_by: GroupBy | None
    totals: Figures
    requests: str
    previous: Period
    groups: tuple[Group, ...]
    drill_down: dict[str, str] = COUNTED_AS
    definitions: dict[str, str] = DEFINITIONS


class ReportDays(NamedTuple):
    """The first and last day of a period, both included."""

    first: date
    last: date

    @property
    def before(self) -> "ReportDays":
        """The previous period: as long as this one, and ending the day before it."""
        length = self.last - self.first + timedelta(days=1)
        return ReportDays(self.first - length, self.last - length)


def conversion_report(
    practice: Practice, days: ReportDays, group_by: GroupBy | None, tallies: Iterable[Tally], today: date
) -> Report:
    """The report of a period. `tallies` must be exactly those of the period and of the previous one."""
    current, previous = _Totals(group_by), _Totals(group_by)
    for tally in tallies:
        (current if days.first <= tally.cohort.day <= days.last else previous).add(tally, today)
    if group_by == "day":
        keys = [(days.first + timedelta(days=n)).isoformat() for n in range((days.last - days.first).days + 1)]
    else:
        keys = sorted(current.groups.keys() | previous.groups.keys(), key=_sort_key)
    return Report(
        practice_id=practice.id,
        from_day=days.first,
        to_day=days.last,
        group_by=group_by,
        totals=_figures(current.total),
        requests=list_query(practice.id, days),
        previous=Period(
            from_day=days.before.first,
            to_day=days.before.last,
            totals=_figures(previous.total),
            requests=list_query(practice.id, days.before),
        ),
        groups=tuple(_group(practice, days, group_by, key, current, previous) for key in keys if group_by),
    )


class _Totals:
    """The sums of tallies: over all, and by group."""

    def __init__(self, group_by: GroupBy | None) -> None:
        self._group_key = _GROUP_KEYS[group_by] if group_by else None
        self.total: Counter[str] = Counter()
        self.groups: dict[str, Counter[str]] = {}

    def add(self, tally: Tally, today: date) -> None:
        """Add a tally, with its pending requests also by age on the day of the report."""
        counts = {**tally.counts, f"age_{age_column(tally.cohort.day, today)}": tally.counts.get("status_pending", 0)}
        self.total.update(counts)
        if self._group_key:
            self.groups.setdefault(self._group_key(tally.cohort), Counter()).update(counts)


def _group(
    practice: Practice, days: ReportDays, group_by: GroupBy, key: str, current: _Totals, previous: _Totals
) -> Group:
    if group_by == "day":
        day = date.fromisoformat(key)
        previous_key = (day - (days.first - days.before.first)).isoformat()
        requests = list_query(practice.id, (day, day))
    else:
        previous_key = key
        requests = list_query(practice.id, days, **{_QUERY_PARAMETERS.get(group_by, group_by): key})
    return Group(
        key=key,
        name=_group_name(practice, group_by, key),
        figures=_figures(current.groups.get(key, Counter())),
        previous=_figures(previous.groups.get(previous_key, Counter())),
        requests=requests,
    )


_GROUP_KEYS: dict[GroupBy, Callable[[Cohort], str]] = {
    "source": lambda cohort: cohort.source,
    "practitioner": lambda cohort: cohort.practitioner_id,
    "chair": lambda cohort: cohort.chair_id,
    "service": lambda cohort: cohort.service_id,
    "weekday": lambda cohort: str(cohort.weekday),
    "hour": lambda cohort: str(cohort.hour),
    "patient": lambda cohort: cohort.patient,
    "day": lambda cohort: cohort.day.isoformat(),
}
_QUERY_PARAMETERS: dict[GroupBy, str] = {
    "practitioner": "practitioner_id",
    "chair": "chair_id",
    "service": "service_id",
}
"""Query parameters of the request list that differ from the name of the grouping."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _sort_key(key: str) -> tuple[int, str]:
    """Sort numbers by value and texts alphabetically."""
    return (int(key), "") if key.isdecimal() else (0, key)


def _group_name(practice: Practice, group_by: GroupBy, key: str) -> str:
    """The display name of a group. `reports/page_labels.py` translates these texts."""
    match group_by:
        case "weekday":
            return _WEEKDAYS[int(key) - 1]
        case "hour":
            return f"{int(key):02}:00"
        case "practitioner" | "chair" | "service":
            return practice.names.get(key, key) or f"any {group_by}"
        case _:
            return key or "not said"


def _figures(counts: Mapping[str, int]) -> Figures:
    statuses = {status.value: counts.get(f"status_{status}", 0) for status in Status}
    reasons = {reason.value: counts.get(f"reason_{reason}", 0) for reason in RejectionReason}
    appointments = {status.value: counts.get(f"appointment_{status}", 0) for status in AppointmentStatus}
    not_genuine = reasons[RejectionReason.DUPLICATE] + reasons[RejectionReason.SPAM]
    received, accepted = counts.get("received", 0), statuses[Status.ACCEPTED]
    kept = appointments[AppointmentStatus.ARRIVED] + appointments[AppointmentStatus.FULFILLED]
    missed = appointments[AppointmentStatus.NOSHOW] + appointments[AppointmentStatus.CANCELLED]
    return Figures(
        received=received,
        **statuses,
        resolutions={resolution.value: counts.get(f"resolution_{resolution}", 0) for resolution in Resolution},
        rejection_reasons=reasons,
        appointments=appointments,
        guardrails={flag.value: counts.get(f"guardrail_{flag}", 0) for flag in QualityFlag},
        pending_by_age={age: counts.get(f"age_{age}", 0) for age in (*AGES, "longer")},
        time_to_decision=Clocks(
            clock=time_to_decision(_without_prefix("decided_", counts)),
            opening_hours=time_to_decision(_without_prefix("decided_open_", counts)),
        ),
        gross_conversion=_rate(accepted, received - statuses[Status.CANCELLED] - not_genuine),
        decided_conversion=_rate(
            accepted, accepted + statuses[Status.REJECTED] - not_genuine + statuses[Status.EXPIRED]
        ),
        kept_rate=_rate(kept, kept + missed),
    )


def _without_prefix(prefix: str, counts: Mapping[str, int]) -> dict[str, int]:
    """The counters with this prefix, by the rest of their names."""
    return {column.removeprefix(prefix): count for column, count in counts.items() if column.startswith(prefix)}


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
