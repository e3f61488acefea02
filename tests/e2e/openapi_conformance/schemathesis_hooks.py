"""What Schemathesis does to a call before it sends it (see schemathesis.toml).

A value that the generator made invalid on purpose is left alone. So a refusal is due to that value and to nothing else.
"""

import base64
import hmac
import itertools
import os
import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.generation.meta import CoverageScenario, TestPhase, coverage_scenario, negated_parameters

_UNSIGNED = "v1,unsigned"
"""The signature that schemathesis.toml gives to calls that have to be signed."""
_CONFIG = tomllib.loads(Path("schemathesis.toml").read_text())
_IDS: dict[str, Iterator[str]] = {
    name: itertools.cycle(each["values"]) for name, each in _CONFIG["dictionaries"].items()
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\S+")
_SAMPLED = (
    CoverageScenario.INCORRECT_TYPE,
    CoverageScenario.NEAR_BOUNDARY_LENGTH_STRING,
    CoverageScenario.NEAR_BOUNDARY_NUMBER,
    CoverageScenario.VALID_OBJECT,
)
"""The most frequent systematic calls, which differ the least from each other."""
_KEPT = int(os.environ["KEEP_EVERY_NTH"])
_COUNTER = itertools.count()
_AGENT_KEY = base64.b64decode(os.environ["AGENT_SECRET"].removeprefix("whsec_"))


@schemathesis.hook  # type: ignore[untyped-decorator]  # installed in an environment of its own
def before_call(_: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Fill in what exists, and finish the headers once the body is in bytes."""
    invalid = {name.lower() for name, _ in negated_parameters(case.meta)}
    is_systematic = case.meta is not None and case.meta.phase.name in (TestPhase.EXAMPLES, TestPhase.COVERAGE)
    if is_systematic:
        # These phases ignore the dictionaries, and the examples name a demo practice, which other tests read.
        ids = {name: next(_IDS[name]) for name in case.path_parameters if name in _IDS and name not in invalid}
        case.path_parameters.update(ids)
        case.body = _completed(case.body)
    kwargs["auth"] = _Headers(invalid, fill_in=is_systematic)


@schemathesis.hook  # type: ignore[untyped-decorator]
def filter_case(_: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """Keep a sample of the most frequent systematic calls, and of all of PMS events, which have nine types."""
    scenario = coverage_scenario(case)
    is_sampled = scenario in _SAMPLED or (scenario is not None and case.operation.path.endswith("/events"))
    return not is_sampled or next(_COUNTER) % _KEPT == 0


@schemathesis.hook  # type: ignore[untyped-decorator]
def filter_failure(
    _: schemathesis.HookContext, failure: Failure, case: schemathesis.Case, response: schemathesis.Response
) -> bool:
    """Events are refused one by one: 200 is right if the answer names those that are invalid.

    Nothing in the data of a patient makes an event invalid: what cannot be used is unknown.
    """
    if not isinstance(failure, AcceptedNegativeData) or not case.operation.path.endswith("/events"):
        return True
    is_refused = response.status_code == 200 and response.json()["rejected"]
    return not (is_refused or "patient" in failure.message)


def _completed(body: Any) -> Any:
    """The body with what its schema cannot ask for: a start to come, and of a submission an address and a duration."""
    if not isinstance(body, dict):
        return body
    patient, slot = body.get("patient"), body.get("requested")
    if isinstance(patient, dict) and patient.get("email") is None and patient.get("phone") is None:
        body = body | {"patient": patient | {"email": "jane@example.com"}}
    if isinstance(slot, dict) and slot.get("service_id") is None and slot.get("duration_minutes") is None:
        slot = slot | {"duration_minutes": 30}
    if isinstance(slot, dict):
        body = body | {"requested": _in_future(slot)}
    return _in_future(body)


def _in_future(slot: dict[str, Any]) -> dict[str, Any]:
    is_time = isinstance(start := slot.get("start"), str) and _TIME.fullmatch(start)
    return slot | {"start": next(_IDS["start"])} if is_time else slot


class _Headers(AuthBase):
    """Sets the headers of which not every valid value would do."""

    def __init__(self, invalid: set[str], *, fill_in: bool) -> None:
        self._invalid = invalid
        self._fill_in = fill_in

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self._fill_in:
            self._replace(request, "If-Match", next(_IDS["revision"]))
        # Generated keys are often equal, and a key that comes again with another body is refused.
        key = str(request.headers.get("Idempotency-Key"))
        self._replace(request, "Idempotency-Key", f"{key[:240]}-{next(_COUNTER)}")
        if request.headers.get("webhook-signature") == _UNSIGNED:
            self._sign(request)
        return request

    def _replace(self, request: PreparedRequest, name: str, value: str) -> None:
        if name in request.headers and name.lower() not in self._invalid:
            request.headers[name] = value

    def _sign(self, request: PreparedRequest) -> None:
        """Sign as Standard Webhooks specifies: id, time and the bytes of the body."""
        self._replace(request, "webhook-id", f"msg_{uuid4().hex}")
        self._replace(request, "webhook-timestamp", str(int(time.time())))
        body = request.body or b""
        assert isinstance(body, str | bytes)
        signed = [str(request.headers.get(name, "")).encode() for name in ("webhook-id", "webhook-timestamp")]
        signed.append(body.encode() if isinstance(body, str) else body)
        digest = hmac.digest(_AGENT_KEY, b".".join(signed), "sha256")
        request.headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
