"""The Online Scheduling report."""

from collections import Counter
from datetime import date

from bookings.domain.conversion import Figures, GroupBy, Report, report
from bookings.domain.tally import Cohort, Tally

FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)


def a_tally(day: int = 1, source: str = "website", who: str = "prov_a", what: str = "svc_1", **counted: int) -> Tally:
    return Tally(Cohort(date(2026, 7, day), source, who, what), Counter(counted))


def reported(*tallies: Tally, group_by: GroupBy | None = None) -> Report:
    return report("prac_1", FIRST, LAST, group_by, tallies)


def totals(**counted: int) -> Figures:
    return reported(Tally(Cohort(FIRST, "website", "prov_a", "svc_1"), counted)).totals


def test_one_received_and_one_accepted_is_all_of_them() -> None:
    figures = totals(received=1, status_accepted=1, resolution_with_changes=1, decided_within_1h=1)
    assert (figures.gross_conversion, figures.decided_conversion) == (1.0, 1.0)
    assert figures.resolutions == {"as_requested": 0, "with_changes": 1, "linked": 0, "auto_linked": 0}
    assert figures.time_to_decision["within_1h"] == 1


def test_where_nothing_counts_there_is_no_rate() -> None:
    figures = reported().totals
    assert (figures.received, figures.gross_conversion, figures.decided_conversion) == (0, None, None)


def test_what_is_pending_lowers_the_gross_rate_and_not_the_decided_one() -> None:
    figures = totals(received=4, status_accepted=1, status_pending=3)
    assert (figures.gross_conversion, figures.decided_conversion) == (0.25, 1.0)


def test_a_rejection_lowers_both() -> None:
    figures = totals(received=2, status_accepted=1, status_rejected=1, reason_no_opening=1)
    assert (figures.gross_conversion, figures.decided_conversion) == (0.5, 0.5)
    assert figures.rejection_reasons["no_opening"] == 1


def test_what_expired_counts_as_decided_against() -> None:
    figures = totals(received=4, status_accepted=1, status_expired=3)
    assert (figures.gross_conversion, figures.decided_conversion) == (0.25, 0.25)


def test_what_patients_take_back_is_shown_and_kept_out() -> None:
    figures = totals(received=3, status_accepted=1, status_cancelled=2)
    assert figures.cancelled == 2
    assert (figures.gross_conversion, figures.decided_conversion) == (1.0, 1.0)


def test_duplicates_and_spam_are_shown_and_kept_out() -> None:
    figures = totals(
        received=5, status_accepted=1, status_rejected=4, reason_duplicate=2, reason_spam=1, reason_other=1
    )
    assert figures.rejected == 4
    assert (figures.rejection_reasons["duplicate"], figures.rejection_reasons["spam"]) == (2, 1)
    assert (figures.gross_conversion, figures.decided_conversion) == (0.5, 0.5)


def test_where_all_was_spam_there_is_no_rate() -> None:
    figures = totals(received=2, status_rejected=2, reason_spam=2)
    assert (figures.gross_conversion, figures.decided_conversion) == (None, None)


def test_every_status_adds_up_to_what_was_received() -> None:
    figures = totals(
        received=7, status_pending=1, status_proposed=1, status_accepted=1, status_rejected=1, status_cancelled=2,
        status_expired=1,
    )  # fmt: skip
    parts = (
        figures.pending, figures.proposed, figures.accepted, figures.rejected, figures.cancelled, figures.expired,
    )  # fmt: skip
    assert sum(parts) == figures.received == 7


def test_groups_carry_the_same_figures_and_add_up_to_the_totals() -> None:
    tallies = [
        a_tally(1, "website", "prov_a", received=2, status_accepted=1, status_pending=1),
        a_tally(2, "website", "prov_b", received=1, status_accepted=1),
        a_tally(2, "google", "prov_a", "svc_2", received=3, status_rejected=3, reason_no_opening=3),
    ]
    by: dict[GroupBy, dict[str, int]] = {
        "source": {"google": 3, "website": 3},
        "practitioner": {"prov_a": 5, "prov_b": 1},
        "service": {"svc_1": 3, "svc_2": 3},
        "day": {"2026-07-01": 2, "2026-07-02": 4},
    }
    for group_by, received in by.items():
        grouped = reported(*tallies, group_by=group_by)
        assert {group.key: group.figures.received for group in grouped.groups} == received
        assert grouped.totals.received == 6
    website = reported(*tallies, group_by="source").groups[1].figures
    assert (website.accepted, website.gross_conversion) == (2, 0.6667)


def test_the_definitions_travel_with_the_figures() -> None:
    assert set(reported().definitions) == {"gross_conversion", "decided_conversion", "cohort"}
