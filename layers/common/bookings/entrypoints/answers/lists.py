"""Lists in answers: complete, or one page."""

from typing import Generic, TypeVar

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

_Item = TypeVar("_Item")


class Items(TypedDict, Generic[_Item]):
    """A complete list."""

    items: list[_Item]


class Page(TypedDict, Generic[_Item]):
    """A page of a list. It may have fewer items than `limit` although more pages follow."""

    items: list[_Item]
    next_cursor: str | None
    """Pass it as `cursor` to get the next page; null on the last page."""
