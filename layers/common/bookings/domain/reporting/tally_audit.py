"""Whether tallies are true: the requests counted once more, and what differs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bookings.domain.reporting.tally import Cohort, Tally, cohort, columns_of
from bookings.domain.requests.request import Request


@dataclass(frozen=True)
class TallyDifference:
    """A cohort whose tally is not what its requests count as; columns that agree are left out."""

    cohort: Cohort
    tallied: tuple[tuple[str, int], ...]
    true: tuple[tuple[str, int], ...]
    request_ids: tuple[str, ...]


def find_tally_differences(tallies: Iterable[Tally], requests: Iterable[Request]) -> list[TallyDifference]:
    """Where the tallies are wrong about these requests, which must be all of their days."""
    recounted: dict[Cohort, Counter[str]] = {}
    names: dict[Cohort, list[str]] = {}
    for request in requests:
        counted = cohort(request)
        recounted.setdefault(counted, Counter()).update(columns_of(request))
        names.setdefault(counted, []).append(request.id)
    tallied = {tally.cohort: Counter(tally.counts) for tally in tallies}
    found = []
    for where in sorted(recounted.keys() | tallied.keys()):
        has, should = tallied.get(where, Counter()), recounted.get(where, Counter())
        columns = sorted(column for column in has.keys() | should.keys() if has[column] != should[column])
        if columns:
            found.append(
                TallyDifference(
                    cohort=where,
                    tallied=tuple((column, has[column]) for column in columns),
                    true=tuple((column, should[column]) for column in columns),
                    request_ids=tuple(names.get(where, ())),
                )
            )
    return found
