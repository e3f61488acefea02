"""Audit of tallies: recount the requests and find the differences."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bookings.domain.reporting.tally import Cohort, Tally, cohort, columns_of
from bookings.domain.requests.request import Request


@dataclass(frozen=True)
class TallyDifference:
    """A cohort whose stored tally (`tallied`) differs from the recount of its requests (`true`).

    Columns that agree are left out.
    """

    cohort: Cohort
    tallied: tuple[tuple[str, int], ...]
    true: tuple[tuple[str, int], ...]
    request_ids: tuple[str, ...]


def find_tally_differences(tallies: Iterable[Tally], requests: Iterable[Request]) -> list[TallyDifference]:
    """The differences between tallies and requests. Both must be complete for their days of receipt."""
    recounted: dict[Cohort, Counter[str]] = {}
    request_ids: dict[Cohort, list[str]] = {}
    for request in requests:
        request_cohort = cohort(request)
        recounted.setdefault(request_cohort, Counter()).update(columns_of(request))
        request_ids.setdefault(request_cohort, []).append(request.id)
    tallied = {tally.cohort: Counter(tally.counts) for tally in tallies}
    differences = []
    for key in sorted(recounted.keys() | tallied.keys()):
        actual, expected = tallied.get(key, Counter()), recounted.get(key, Counter())
        columns = sorted(column for column in actual.keys() | expected.keys() if actual[column] != expected[column])
        if columns:
            differences.append(
                TallyDifference(
                    cohort=key,
                    tallied=tuple((column, actual[column]) for column in columns),
                    true=tuple((column, expected[column]) for column in columns),
                    request_ids=tuple(request_ids.get(key, ())),
                )
            )
    return differences
