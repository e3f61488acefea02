"""Match weights: the m and u probabilities of Fellegi and Sunter, for five explanations of a comparison.

Their model asks how likely a result is if two records are the same person (m) and if they are not (u). We split both:

- Same person: records with careful typing and with careless typing, because errors cluster in the same records.
- Not the same person: a stranger agrees by chance; a relative has the same last name and often the same number; a
  twin has the same birth date too.

Each explanation has its own column in the tables. So a family's number counts little, and a twin is no match, without a
special rule for either. docs/matching.md has the source of each figure.
"""

from collections.abc import Mapping, Sequence
from math import log2

from bookings.domain.matching.match import Likeness
from bookings.domain.matching.match import Likeness as L  # noqa: N817  # keeps the tables readable

Row = tuple[float, float, float, float, float]
"""The probability of one comparison result under each explanation: careful, careless, stranger, relative, twin."""

FIRST_NAME: Mapping[Likeness, Row] = {
    # same person: careful, careless | stranger, relative, twin
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
    # relatives and twins have their own numbers
    L.SAME: (0.75, 0.55, 0.000002, 0.01, 0.01),
    L.CLOSE: (0.02, 0.08, 0.00002, 0.001, 0.001),
    L.SIMILAR: (0.01, 0.04, 0.0003, 0.0003, 0.0003),
    L.DIFFERENT: (0.22, 0.33, 0.999678, 0.9887, 0.9887),
}
FAMILY_PHONE: Mapping[Likeness, Row] = {
    # about two in three relatives and twins have the same number; EMAIL uses the same figures
    L.SAME: (*PHONE[L.SAME][:3], 0.70, 0.70),
    L.CLOSE: (*PHONE[L.CLOSE][:3], 0.02, 0.02),
    L.SIMILAR: (*PHONE[L.SIMILAR][:3], 0.01, 0.01),
    L.DIFFERENT: (*PHONE[L.DIFFERENT][:3], 0.27, 0.27),
}

TABLES = (FIRST_NAME, LAST_NAME, DATE_OF_BIRTH, EMAIL, PHONE)
FAMILY_TABLES = (FIRST_NAME, LAST_NAME, DATE_OF_BIRTH, EMAIL, FAMILY_PHONE)
"""TABLES are for personal numbers; FAMILY_TABLES are for numbers that a family may share."""

SWAPPED_NAMES: Row = (0.01, 0.06, 1.0, 0.02, 0.02)
"""First and last name are swapped: an error if the people share a name. Strangers' names agree by chance, as likely
swapped as in order, so their figure is 1."""

CARELESS_SHARE = 0.15
"""Share of records with careless typing."""
STRANGER_ODDS = 12_500.0
"""Prior odds per appointment of the patient: 10,000 future appointments of others in a large practice, and four in five
patients have one."""
NAMESAKE_FACTOR = 4.0
"""Full names are shared more often than first and last names alone suggest: Nguyen goes with Thi, O'Brien with
Siobhan."""
RELATIVE_ODDS = 1.5
"""Prior odds per appointment of the patient, as are the next two: a household has 2.5 people."""
TWIN_ODDS = 0.006
"""One person in 33 has a twin, and one adult twin in five goes to the same practice as the other."""
FAMILY_TWIN_ODDS = 0.6
"""The same for numbers that a family may share. Deliberately above the real rate of twins, so that nobody learns of a
sibling's visit."""

NO_EVIDENCE: Row = (1.0, 1.0, 1.0, 1.0, 1.0)
"""A missing value, which is evidence for no explanation."""


def prior_odds(*, relatives: float, family_number: bool, namesakes: bool, swapped: bool) -> Row:
    """The prior odds of the explanations, before any field is compared; only the order of the names is known."""
    name_order = SWAPPED_NAMES if swapped else NO_EVIDENCE
    return (
        name_order[0] * (1 - CARELESS_SHARE),
        name_order[1] * CARELESS_SHARE,
        name_order[2] * STRANGER_ODDS * (NAMESAKE_FACTOR if namesakes else 1),
        name_order[3] * relatives,
        name_order[4] * (FAMILY_TWIN_ODDS if family_number else TWIN_ODDS),
    )


def probability(prior: Row, rows: Sequence[Row]) -> float:
    """The probability of the same person by Bayes' rule; `rows` are the table rows of the comparison results."""
    odds = _posterior_odds(prior, rows)
    return (odds[0] + odds[1]) / sum(odds)


def evidence_weights(prior: Row, rows: Sequence[Row]) -> tuple[float, ...]:
    """The match weight of each row in bits: same person against the likeliest other explanation."""
    odds = _posterior_odds(prior, rows)
    same_person = odds.index(max(odds[:2]))
    alternative = odds.index(max(odds[2:]), 2)
    return tuple(round(log2(row[same_person] / row[alternative]), 1) for row in rows)


def _posterior_odds(prior: Row, rows: Sequence[Row]) -> Row:
    careful, careless, stranger, relative, twin = prior
    for row in rows:
        careful *= row[0]
        careless *= row[1]
        stranger *= row[2]
        relative *= row[3]
        twin *= row[4]
    return careful, careless, stranger, relative, twin
