"""Nicknames: whether two first names are forms of the same name (Liz and Betty for Elizabeth).

The table is from the package `nicknames`: English names, curated by hand. Reading it takes about 10 ms, so it is read
on first use, when two different first names are compared.
"""

from functools import cache


def are_forms_of_same_name(left: str, right: str) -> bool:
    """Whether one folded name is a nickname of the other, or both are nicknames of a third name."""
    return not _full_names(left).isdisjoint(_full_names(right))


@cache
def _full_names(name: str) -> frozenset[str]:
    """The name itself and all names that it is a nickname of."""
    return _full_names_by_nickname().get(name, frozenset()) | {name}


@cache
def _full_names_by_nickname() -> dict[str, frozenset[str]]:
    from nicknames import name_triplets  # noqa: PLC0415  # slow import, see the module's docstring

    full_names: dict[str, set[str]] = {}
    for name, relation, nickname in name_triplets():
        if relation == "has_nickname":
            full_names.setdefault(nickname, set()).add(name)
    return {nickname: frozenset(names) for nickname, names in full_names.items()}
