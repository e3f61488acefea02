"""The Online Scheduling report: how many requests became appointments, and how soon."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

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
    "gross_conversion": "accepted / (received - cancelled by the patient - duplicates - spam)",
    "decided_conversion": "accepted / (accepted + rejected without duplicates and spam + expired)",
    "kept_rate": "(arrived + fulfilled) / (arrived + fulfilled + noshow + cancelled), as the PMS says of the "
    "appointments that requests became",
    "time_to_decision": "from receipt to acceptance or rejection; clock counts every minute, opening_hours those in "
    "which the practice was open; median and p90 are estimated within their bucket",
    "pending_by_age": "whole days from the day of receipt to the day of the report",
    "guardrails.no_pms_evidence": "accepted, but writing it into the PMS failed or was given up, and a week after the "
    "acceptance the PMS still had not spoken of the appointment; acceptances from before Chairlink noted this are not "
    "in it",
    "guardrails.cancelled_within_a_day": "accepted or linked, and less than 24 hours later Chairlink heard that the "
    "PMS had cancelled or deleted the appointment, which it has not given back since",
    "guardrails.linked_to_earlier_appointment": "linked to an appointment of which Chairlink had heard before the "
    "request came in: the patient may have had it anyway; a PMS does not say when it was entered, so one that was "
    "made earlier and first heard of later is not in it",
    "weekday": "of the requested start; ISO 8601: 1 is Monday",
    "hour": "of the requested start, on the practice's clock",
    "patient": "what patients say of themselves: new or existing",
    "previous": "the period of the same length that ends the day before",
    "drill_down": "add a figure's parameters to its group's `requests`: that list holds exactly the requests counted",
}


class Clocks(Entity):
    """Time to decision, by two clocks."""

    clock: TimeToDecision
    opening_hours: TimeToDecision


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
    appointments: dict[str, int]
    guardrails: dict[str, int]
    pending_by_age: dict[str, int]
    time_to_decision: Clocks
    gross_conversion: float | None
    decided_conversion: float | None
    kept_rate: float | None


class Group(Entity):
    """One line of a grouped report; `key` is empty for requests that name none."""

    key: str
    name: str
    figures: Figures
    previous: Figures
    requests: str


class Period(Entity):
    """Days of receipt, both included, and the figures of the requests received on them."""

    from_day: date
    to_day: date
    totals: Figures
    requests: str


class Report(Entity):
    """Received requests of a period and what became of them, beside the equal period before."""

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
    """A period, both days included."""

    first: date
    last: date

    @property
    def before(self) -> "ReportDays":
        """The equal period that ends the day before."""
        length = self.last - self.first + timedelta(days=1)
        return ReportDays(self.first - length, self.last - length)


def conversion_report(
    practice: Practice, days: ReportDays, group_by: GroupBy | None, tallies: Iterable[Tally], today: date
) -> Report:
    """The report over these tallies, which must be those of the period and of the one before."""
    now, then = _Count(group_by), _Count(group_by)
    for tally in tallies:
        (now if days.first <= tally.cohort.day <= days.last else then).add(tally, today)
    keys = sorted(now.groups.keys() | (then.groups.keys() if group_by != "day" else set()), key=_order)
    if group_by == "day":
        keys = [(days.first + timedelta(days=n)).isoformat() for n in range((days.last - days.first).days + 1)]
    return Report(
        practice_id=practice.id,
        from_day=days.first,
        to_day=days.last,
        group_by=group_by,
        totals=_figures(now.total),
        requests=list_query(practice.id, days),
        previous=Period(
            from_day=days.before.first,
            to_day=days.before.last,
            totals=_figures(then.total),
            requests=list_query(practice.id, days.before),
        ),
        groups=tuple(_group(practice, days, group_by, key, now, then) for key in keys if group_by),
    )


class _Count:
    """Counters added up: all of them, and by group."""

    def __init__(self, group_by: GroupBy | None) -> None:
        self._key = _KEYS[group_by] if group_by else None
        self.total: Counter[str] = Counter()
        self.groups: dict[str, Counter[str]] = {}

    def add(self, tally: Tally, today: date) -> None:
        counted = {**tally.counts, f"age_{age_column(tally.cohort.day, today)}": tally.counts.get("status_pending", 0)}
        self.total.update(counted)
        if self._key:
            self.groups.setdefault(self._key(tally.cohort), Counter()).update(counted)


def _group(practice: Practice, days: ReportDays, by: GroupBy, key: str, now: _Count, then: _Count) -> Group:
    shift = days.first - days.before.first
    before = (date.fromisoformat(key) - shift).isoformat() if by == "day" else key
    period = (date.fromisoformat(key),) * 2 if by == "day" else days
    parameter = {} if by == "day" else {_PARAMETERS.get(by, by): key}
    return Group(
        key=key,
        name=_name(practice, by, key),
        figures=_figures(now.groups.get(key, Counter())),
        previous=_figures(then.groups.get(before, Counter())),
        requests=list_query(practice.id, period, **parameter),
    )


_KEYS: dict[GroupBy, Callable[[Cohort], str]] = {
    "source": lambda cohort: cohort.source,
    "practitioner": lambda cohort: cohort.practitioner_id,
    "chair": lambda cohort: cohort.chair_id,
    "service": lambda cohort: cohort.service_id,
    "weekday": lambda cohort: str(cohort.weekday),
    "hour": lambda cohort: str(cohort.hour),
    "patient": lambda cohort: cohort.patient,
    "day": lambda cohort: cohort.day.isoformat(),
}
_PARAMETERS: dict[GroupBy, str] = {
    "practitioner": "practitioner_id",
    "chair": "chair_id",
    "service": "service_id",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _order(key: str) -> tuple[int, str]:
    """Numbers by their value, texts by the alphabet."""
    return (int(key), "") if key.isdecimal() else (0, key)


def _name(practice: Practice, by: GroupBy, key: str) -> str:
    """What people call the group."""
    match by:
        case "weekday":
            return _WEEKDAYS[int(key) - 1]
        case "hour":
            return f"{int(key):02}:00"
        case "practitioner" | "chair" | "service":
            return practice.names.get(key, key) or f"any {by}"
        case _:
            return key or "not said"


def _figures(count: Mapping[str, int]) -> Figures:
    status = {status.value: count.get(f"status_{status}", 0) for status in Status}
    reasons = {reason.value: count.get(f"reason_{reason}", 0) for reason in RejectionReason}
    booked = {status.value: count.get(f"appointment_{status}", 0) for status in AppointmentStatus}
    noise = reasons[RejectionReason.DUPLICATE] + reasons[RejectionReason.SPAM]
    received, accepted = count.get("received", 0), status[Status.ACCEPTED]
    kept = booked[AppointmentStatus.ARRIVED] + booked[AppointmentStatus.FULFILLED]
    missed = booked[AppointmentStatus.NOSHOW] + booked[AppointmentStatus.CANCELLED]
    return Figures(
        received=received,
        **status,
        resolutions={resolution.value: count.get(f"resolution_{resolution}", 0) for resolution in Resolution},
        rejection_reasons=reasons,
        appointments=booked,
        guardrails={one.value: count.get(f"guardrail_{one}", 0) for one in QualityFlag},
        pending_by_age={name: count.get(f"age_{name}", 0) for name in (*AGES, "longer")},
        time_to_decision=Clocks(
            clock=time_to_decision(_under("decided_", count)),
            opening_hours=time_to_decision(_under("decided_open_", count)),
        ),
        gross_conversion=_rate(accepted, received - status[Status.CANCELLED] - noise),
        decided_conversion=_rate(accepted, accepted + status[Status.REJECTED] - noise + status[Status.EXPIRED]),
        kept_rate=_rate(kept, kept + missed),
    )


def _under(prefix: str, count: Mapping[str, int]) -> dict[str, int]:
    return {name.removeprefix(prefix): number for name, number in count.items() if name.startswith(prefix)}


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
