"""Times to decision in buckets, and quantiles estimated from the buckets."""

from collections import Counter
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.reporting.time_to_decision import BUCKETS, bucket, quantile

WAITS = st.lists(st.integers(0, 100_000), min_size=1, max_size=60)


@given(WAITS, st.sampled_from([0.5, 0.9]))
def test_an_estimated_quantile_lies_in_the_bucket_of_the_true_one(waits: list[int], share: float) -> None:
    true = sorted(waits)[ceil(share * len(waits)) - 1]
    estimated = quantile(Counter(map(bucket, waits)), share)
    assert estimated is not None
    bounds = [0, *BUCKETS.values()]
    lower = max(bound for bound in bounds if bound <= true)
    upper = min((bound for bound in bounds if bound > true), default=lower)
    assert lower <= estimated <= upper


def test_the_last_bucket_gives_a_lower_bound() -> None:
    assert quantile({"longer": 3}, 0.5) == 43_200


def test_without_decisions_there_is_no_quantile() -> None:
    assert quantile({}, 0.9) is None
