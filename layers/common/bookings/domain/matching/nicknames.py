"""Which first names are forms of one name: Liz and Betty are both Elizabeth.

The table is that of the package `nicknames`: English names, curated by hand. Reading it costs some ten milliseconds, so
it is read when two unlike first names first ask for it, and never in a function that does not compare names.
"""

from functools import cache


def share_a_name(one: str, other: str) -> bool:
    """Whether one of the folded names is a form of the other, or both are forms of a third."""
    return not _names_behind(one).isdisjoint(_names_behind(other))


@cache
def _names_behind(name: str) -> frozenset[str]:
    return _behind().get(name, frozenset()) | {name}


@cache
def _behind() -> dict[str, frozenset[str]]:
    from nicknames import name_triplets  # noqa: PLC0415  # see above

    behind: dict[str, set[str]] = {}
    for name, relation, nickname in name_triplets():
        if relation == "has_nickname":
            behind.setdefault(nickname, set()).add(name)
    return {nickname: frozenset(names) for nickname, names in behind.items()}
