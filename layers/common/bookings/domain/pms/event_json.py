"""Read the JSON of a batch so that one unusable event does not cost the others.

JSON leaves open what a doubled key or half a surrogate pair means (RFC 8259 §4, §8.2), and how deep it may nest (§9).
Here they are kept while the text is read, so that only the event that has them is rejected, with the name of the field.
"""

import json
import re
from collections import Counter
from collections.abc import Container, Iterator
from typing import Any

MAX_DEPTH = 32
"""How deep an event may nest. No field of an event is deeper than four."""

_MAX_DIGITS = 100
"""Longer whole numbers are read as decimals: Python refuses those of more than 4,300 digits."""

_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)|[\[{]|[\]}]', re.DOTALL)
_HALF_PAIR = re.compile("[\ud800-\udfff]")


class DoubledKeys(dict[str, Any]):
    """A JSON object in which keys occur twice; `doubled` names them."""

    doubled: tuple[str, ...] = ()

    def settle(self, keys: Container[str]) -> None:
        """Take these keys for decided: they are not doubled any more."""
        self.doubled = tuple(key for key in self.doubled if key not in keys)


def load_batch(text: str) -> Any:
    """The value of a JSON text; raises ValueError if the text is not JSON.

    An object with doubled keys is a `DoubledKeys`. What is nested too deeply is replaced by empty objects and lists
    that `find_defects` reports.
    """
    try:
        return _load(text)
    except RecursionError:
        return _load(_cut_at_depth(text, 2 * MAX_DEPTH))


def find_defects(value: object) -> Iterator[tuple[str, str]]:
    """The parts of an event that cannot be used: the path of each, such as `data.patient.first_name`, and why."""
    parts: list[tuple[tuple[str, ...], object]] = [((), value)]
    while parts:
        path, part = parts.pop()
        if len(path) > MAX_DEPTH:
            yield _name(path[:4]), f"is nested too deeply; an event may have {MAX_DEPTH} levels"
            return
        if isinstance(part, DoubledKeys):
            yield from ((_name((*path, key)), "is given twice in one object; give it once") for key in part.doubled)
        if isinstance(part, str) and _HALF_PAIR.search(part):
            yield _name(path), "has half of a surrogate pair, such as a cut emoji; send whole characters"
        if isinstance(part, dict):
            if any(_HALF_PAIR.search(key) for key in part):
                yield _name(path), "has a key with half of a surrogate pair; send whole characters"
            parts += [((*path, str(key)), element) for key, element in part.items()]
        if isinstance(part, list):
            parts += [((*path, str(index)), element) for index, element in enumerate(part)]


def with_whole_characters(text: str) -> str:
    """The text with U+FFFD in place of each half of a surrogate pair."""
    return _HALF_PAIR.sub("\N{REPLACEMENT CHARACTER}", text)


def _load(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_to_object, parse_int=_to_number, parse_constant=_refuse)


def _to_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    marked, times = DoubledKeys(found), Counter(key for key, _ in pairs)
    marked.doubled = tuple(key for key in found if times[key] > 1)
    return marked


def _to_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _cut_at_depth(text: str, limit: int) -> str:
    """The text with an empty object or list for each that is nested deeper than the limit."""
    kept: list[str] = []
    depth = kept_until = 0
    for token in _STRUCTURE.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == limit:
                kept.append(text[kept_until : token.end()])
        elif token[0] in "]}":
            if depth == limit:
                kept_until = token.start()
            depth -= 1
    return "".join((*kept, text[kept_until:])) if depth < limit else ""


def _name(path: tuple[str, ...]) -> str:
    return ".".join(with_whole_characters(part)[:64] for part in path)
