"""The verified claims of a staff member's token: in which practices they have which role."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from bookings.domain.kernel.errors import Unauthenticated


class Role(StrEnum):
    """A role in a practice. A manager may do everything that the front desk may."""

    FRONT_DESK = "front_desk"
    MANAGER = "manager"


_GROUP = re.compile(rf"([^\s,:\[\]\"']+):({'|'.join(Role)})")


def roles_in(practice_id: str, claims: Mapping[str, Any]) -> set[Role]:
    """The roles in this practice; raises Unauthenticated for a token that is no ID token.

    An access token has the same groups, but was issued for the user pool itself.
    """
    if claims and claims.get("token_use") != "id":
        raise Unauthenticated("Send the ID token of the user pool, not its access token.", scheme="Bearer")
    groups = (_GROUP.fullmatch(name) for name in _group_names(claims.get("cognito:groups")))
    return {Role(group[2]) for group in groups if group and group[1] == practice_id}


def _group_names(claim: object) -> list[str]:
    """The names in the claim: a list, or one text that API Gateway or the emulator makes of it.

    The texts are `a,b`, `[a b]` and `[a, b]`. In any other form the claim has no names, because a name could be split
    into two.
    """
    if isinstance(claim, list):
        return [name for name in claim if isinstance(name, str)]
    text = claim if isinstance(claim, str) else ""
    is_bracketed = text.startswith("[") and text.endswith("]")
    names = text[1:-1] if is_bracketed else text
    separators = set(re.findall(r"[\s,]+", names))
    if separators <= {",", ", "} or (is_bracketed and separators == {" "}):
        return re.split(r"[\s,]+", names)
    return []
