"""What agreement and disagreement are worth: Fellegi and Sunter's m and u, with more than one kind of each.

Their model asks how likely a comparison is if the two are one person (m), and how likely if they are not (u). In a
dental practice "not" has three faces: a stranger shares things by chance, a relative shares the last name and perhaps
the number, a twin the birth date as well. And "one person" has two, since slips come in company: most records are
written with care, a few are not. Each is an explanation with its own column below, so that a family's number weighs
little and a twin is no match without a rule for either. Where each figure comes from: docs/matching.md.
"""

from collections.abc import Mapping, Sequence
from math import log2

from bookings.domain.matching.match import Likeness
from bookings.domain.matching.match import Likeness as L  # noqa: N817  # so that the tables read as tables

Row = tuple[float, float, float, float, float]
"""How likely one outcome of a comparison is under each explanation, in the order of the tables' heading."""

FIRST_NAME: Mapping[Likeness, Row] = {
    # the same person, written
    # with care, without | stranger, relative, twin
    L.SAME: (0.84, 0.55, 0.0036, 0.0100, 0.0005),
    L.VARIANT: (0.06, 0.06, 0.0038, 0.0038, 0.0001),
    L.CLOSE: (0.05, 0.15, 0.0003, 0.0003, 0.0030),
    L.SIMILAR: (0.02, 0.09, 0.0073, 0.0073, 0.0600),
    L.DIFFERENT: (0.03, 0.15, 0.9850, 0.9786, 0.9364),
}
LAST_NAME: Mapping[Likeness, Row] = {
    L.SAME: (0.88, 0.60, 0.0012, 0.67, 0.80),
    L.VARIANT: (0.02, 0.03, 0.0003, 0.04, 0.02),
    L.CLOSE: (0.05, 0.15, 0.0003, 0.05, 0.06),
    L.SIMILAR: (0.02, 0.09, 0.0034, 0.03, 0.03),
    L.DIFFERENT: (0.03, 0.13, 0.9948, 0.21, 0.09),
}
DATE_OF_BIRTH: Mapping[Likeness, Row] = {
    L.SAME: (0.96, 0.70, 0.00004, 0.00004, 0.92),
    L.CLOSE: (0.02, 0.12, 0.00120, 0.00120, 0.035),
    L.DIFFERENT: (0.02, 0.18, 0.99876, 0.99876, 0.045),
}
EMAIL: Mapping[Likeness, Row] = {
    L.SAME: (0.75, 0.55, 0.000001, 0.70, 0.70),
    L.CLOSE: (0.03, 0.12, 0.00001, 0.02, 0.02),
    L.DIFFERENT: (0.22, 0.33, 0.999989, 0.28, 0.28),
}
PHONE: Mapping[Likeness, Row] = {
    # relatives and twins with numbers of their own
    L.SAME: (0.75, 0.55, 0.000002, 0.01, 0.01),
    L.CLOSE: (0.02, 0.08, 0.00002, 0.001, 0.001),
    L.SIMILAR: (0.01, 0.04, 0.0003, 0.0003, 0.0003),
    L.DIFFERENT: (0.22, 0.33, 0.999678, 0.9887, 0.9887),
}
FAMILY_PHONE: Mapping[Likeness, Row] = {
    # relatives and twins of whom two in three have the same; addresses go by the same figures
    L.SAME: (*PHONE[L.SAME][:3], 0.70, 0.70),
    L.CLOSE: (*PHONE[L.CLOSE][:3], 0.02, 0.02),
    L.SIMILAR: (*PHONE[L.SIMILAR][:3], 0.01, 0.01),
    L.DIFFERENT: (*PHONE[L.DIFFERENT][:3], 0.27, 0.27),
}

TABLES = (FIRST_NAME, LAST_NAME, DATE_OF_BIRTH, EMAIL, PHONE)
FAMILY_TABLES = (FIRST_NAME, LAST_NAME, DATE_OF_BIRTH, EMAIL, FAMILY_PHONE)
"""The tables for people with numbers of their own, and for those whose number may be their family's."""

SWAPPED: Row = (0.01, 0.06, 1.0, 0.02, 0.02)
"""First and last name have changed places: a slip for those who share a name, for strangers a chance like any other."""

CARELESS = 0.15
"""Records in which one slip is not the last."""
STRANGERS = 12_500.0
"""To one appointment of the patient's own: 10,000 others ahead in a large practice, where four in five have one."""
NAMESAKES = 4.0
"""Full names are shared more often than their halves promise: Nguyen goes with Thi, O'Brien with Siobhan."""
RELATIVES = 1.5
"""To one appointment of the patient's own, as are the next two: a household has two and a half people."""
TWINS = 0.006
"""One person in 33 has a twin, and one grown twin in five goes to the same practice as the other."""
TWINS_IN_THE_FAMILY = 0.6
"""The same where the number may be a family's: the house takes another first name at its word there, far beyond what
the number of twins would ask for, because nobody must be told of a brother's or sister's visit."""

UNKNOWN: Row = (1.0, 1.0, 1.0, 1.0, 1.0)
"""Who does not say, says nothing."""


def prior(*, relatives: float, family_number: bool, namesakes: bool, swapped: bool) -> Row:
    """The odds of the explanations before any field but the order of the names is looked at."""
    order = SWAPPED if swapped else UNKNOWN
    return (
        order[0] * (1 - CARELESS),
        order[1] * CARELESS,
        order[2] * STRANGERS * (NAMESAKES if namesakes else 1),
        order[3] * relatives,
        order[4] * (TWINS_IN_THE_FAMILY if family_number else TWINS),
    )


def probability(prior: Row, rows: Sequence[Row]) -> float:
    """Bayes' rule: how likely it is one person; `rows` are what the comparisons have chosen from the tables."""
    odds = _odds(prior, rows)
    return (odds[0] + odds[1]) / sum(odds)


def weights(prior: Row, rows: Sequence[Row]) -> tuple[float, ...]:
    """What each row is worth in bits, against the likeliest other explanation."""
    odds = _odds(prior, rows)
    mine = odds.index(max(odds[:2]))
    other = odds.index(max(odds[2:]), 2)
    return tuple(round(log2(row[mine] / row[other]), 1) for row in rows)


def _odds(prior: Row, rows: Sequence[Row]) -> Row:
    care, haste, stranger, relative, twin = prior
    for row in rows:
        care *= row[0]
        haste *= row[1]
        stranger *= row[2]
        relative *= row[3]
        twin *= row[4]
    return care, haste, stranger, relative, twin
