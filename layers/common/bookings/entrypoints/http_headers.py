"""Values of HTTP request headers (RFC 9110), read as the standards define them."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple
from urllib.request import parse_http_list  # botocore has imported it already

ANY_REVISION: Collection[int] = range(1, 2**63)
"""What `If-Match: *` allows."""

_REVISION_TAG = re.compile(r'("?)([1-9][0-9]{0,17})\1')
"""A strong entity tag with a revision. Without the quotes it is no entity tag, but there is no doubt what is meant."""

_QUOTED_STRING = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
"""A string of structured fields (RFC 9651 §3.3.3)."""

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def allowed_revisions(if_match: str) -> Collection[int]:
    """The revisions that this If-Match allows; none if it has no strong tag of a revision (RFC 9110 §13.1.1).

    A weak tag never matches, because If-Match compares strongly (§8.8.3.2). A tag that is not ours matches nothing, but
    others in the list may.
    """
    if if_match.strip() == "*":
        return ANY_REVISION
    tags = (_REVISION_TAG.fullmatch(tag) for tag in parse_http_list(if_match))
    return frozenset(int(tag[2]) for tag in tags if tag)


def unquoted(value: str) -> str:
    """The text of a string of structured fields; a value without quotes as it is."""
    string = _QUOTED_STRING.fullmatch(value.strip(" \t"))
    return re.sub(r"\\(.)", r"\1", string[1]) if string else value


def has_content_coding(content_encoding: str) -> bool:
    """Whether Content-Encoding names a coding (RFC 9110 §8.4). `identity` is none."""
    return any(coding.lower() not in ("", "identity") for coding in parse_http_list(content_encoding))


def preferred_media_type(accept: str | None, offered: Sequence[str]) -> str:
    """The offered media type that Accept prefers (RFC 9110 §12.5.1).

    Among equal qualities a range that names the type counts more than a wildcard, then the order of `offered` counts.
    If Accept excludes all, it is the first: an answer in another form is more use than none (§15.5.7).
    """
    ranges = list(_media_ranges(accept or ""))
    preferences = [max((each for each in ranges if each.covers(media_type)), default=None) for media_type in offered]
    best = max((each.preference for each in preferences if each and each.quality), default=None)
    return next(
        (offer for offer, each in zip(offered, preferences, strict=True) if each and each.preference == best),
        offered[0],
    )


class _MediaRange(NamedTuple):
    """A range of Accept. The greater applies where two cover a type, because it is more specific."""

    specificity: tuple[int, int]
    quality: float
    type: str

    @property
    def preference(self) -> tuple[float, int]:
        return self.quality, self.specificity[0]

    def covers(self, media_type: str) -> bool:
        kind, _, subtype = self.type.partition("/")
        return kind in ("*", media_type.partition("/")[0]) and subtype in ("*", media_type.partition("/")[2])


def _media_ranges(accept: str) -> Iterator[_MediaRange]:
    """The ranges of an Accept header. What cannot be read is left out."""
    for element in parse_http_list(accept):
        media_type, *parameters = (part.strip().lower() for part in element.split(";"))
        kind, slash, subtype = media_type.partition("/")
        qualities = [parameter[2:].strip() for parameter in parameters if parameter.startswith("q=")]
        quality = qualities[0] if qualities else "1"
        if slash and kind and subtype and _QUALITY.fullmatch(quality) and (kind != "*" or subtype == "*"):
            specificity = (kind != "*") + (subtype != "*")
            yield _MediaRange((specificity, len(parameters) - len(qualities)), float(quality), media_type)
