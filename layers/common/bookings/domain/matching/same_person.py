"""Whether an appointment has become another person's.

`record_linkage` asks how likely two records are one person, among all patients of a practice. Here the answer was yes
before, so missing data changes nothing: only data that contradict each other make another person.
"""

from jellyfish import damerau_levenshtein_distance

from bookings.domain.matching import similarity
from bookings.domain.matching.match import Likeness
from bookings.domain.matching.similarity import Person, prepare_person
from bookings.domain.requests.patient import Patient

_AGREEING = (Likeness.SAME, Likeness.VARIANT, Likeness.CLOSE)


def has_become_another_person(ours: Patient, before: Patient | None, after: Patient | None) -> bool:
    """Whether the patient of an appointment now contradicts our patient, and did not before.

    `ours` is the request's own patient, `before` and `after` are what the PMS reported. The front desk may have linked
    an appointment whose data differ from the request's; then it is another person only if it contradicts both.
    """
    if after is None or before == after or not is_another_person(ours, after):
        return False
    return before is None or not is_another_person(ours, before) or is_another_person(before, after)


def is_another_person(one: Patient, other: Patient) -> bool:
    """Whether the data of two patients contradict each other.

    - Another birth date contradicts; a typing error in it does not.
    - Another first name contradicts, also with the same birth date and number: that is a twin. A nickname or an accent
      does not.
    - One wrong letter in a first name is a typing error if the birth date is the same, and a sibling (Daniel, Daniela)
      if only the number or the e-mail address is. In a short name (Mary, Mark) both have to be the same.
    - Another last name contradicts, unless the birth date, e-mail address or number is the same: people marry.
    - Another e-mail address or number does not contradict.
    """
    left, right = prepare_person(one), prepare_person(other)
    birth_dates = similarity.compare_birth_dates(left.date_of_birth, right.date_of_birth)
    if birth_dates is Likeness.DIFFERENT:
        return True
    is_same_birth_date = birth_dates is Likeness.SAME
    is_same_contact = Likeness.SAME in (
        similarity.compare_emails(left.email, right.email),
        similarity.compare_phones(left.phone, right.phone),
    )
    return not (
        _names_agree(left, right, is_same_birth_date=is_same_birth_date, is_same_contact=is_same_contact)
        or _swapped_names_agree(left, right)
    )


def _names_agree(left: Person, right: Person, *, is_same_birth_date: bool, is_same_contact: bool) -> bool:
    first = similarity.compare_first_names(left.first_name, right.first_name)
    last = similarity.compare_last_names(left.last_name, right.last_name)
    if last is Likeness.DIFFERENT and not is_same_birth_date:
        return is_same_contact and first in (Likeness.SAME, Likeness.VARIANT)
    match first:
        case Likeness.DIFFERENT:
            return False
        case Likeness.SIMILAR:
            return is_same_birth_date and is_same_contact and _is_typing_error(left, right)
        case Likeness.CLOSE:
            return is_same_birth_date or not is_same_contact
        case _:
            return True


def _is_typing_error(left: Person, right: Person) -> bool:
    """Whether one letter of the first name differs, and not the first one: twins may be named Jayden and Hayden."""
    one, other = left.first_name.whole, right.first_name.whole
    return one[0] == other[0] and damerau_levenshtein_distance(one, other) == 1


def _swapped_names_agree(left: Person, right: Person) -> bool:
    """Whether both names agree if one record has first and last name swapped, or one name in the other's field."""
    swapped = (
        similarity.compare_last_names(left.first_name, right.last_name),
        similarity.compare_last_names(left.last_name, right.first_name),
    )
    is_known = any(likeness in _AGREEING for likeness in swapped)
    return is_known and all(likeness in _AGREEING or likeness is Likeness.UNKNOWN for likeness in swapped)
