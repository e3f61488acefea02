"""Lambda handlers of HTTP operations: responses, problem responses and crashes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from bookings.call_limits import INVOCATION
from bookings.domain.kernel.errors import Refusal
from bookings.domain.scheduling.conflicts import Fit, Obstacle
from bookings.entrypoints.call import Call
from bookings.entrypoints.problems import INTERNAL_ERROR, PROBLEM_CONTENT_TYPE, Problem, problem, problem_headers
from bookings.observability import flush_metrics, log_crash, logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Body_co = TypeVar("Body_co", covariant=True)


@dataclass(frozen=True)
class Answer(Generic[Body_co]):
    """What an operation answers. A body that is a string is sent as it is, any other as JSON."""

    body: Body_co
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


def endpoint(operate: Callable[[Call], Answer[Any]]) -> Callable[[dict[str, Any], "LambdaContext"], dict[str, Any]]:
    """A Lambda handler of an HTTP operation. Refusals and crashes become problem responses (RFC 9457)."""

    @wraps(operate)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        call = Call(event, datetime.now(UTC))
        logger.set_correlation_id(call.correlation_id)
        answer: Answer[Any]
        try:
            with INVOCATION.ending_in(context.get_remaining_time_in_millis()):
                answer = operate(call)
        except Refusal as refusal:
            answer = _refusal_answer(refusal)
        except Exception as error:  # noqa: BLE001  # callers get a problem response, never a traceback
            answer = _crash_answer(error)
        flush_metrics()
        return _http_response(answer, call.correlation_id)

    return handler


def _refusal_answer(refusal: Refusal) -> Answer[Problem]:
    document = problem(refusal)
    logger.info("refused", problem=refusal.slug, status=document["status"])
    return Answer(document, HTTPStatus(document["status"]), problem_headers(refusal))


def _crash_answer(error: Exception) -> Answer[Problem]:
    log_crash(error)
    return Answer(INTERNAL_ERROR, HTTPStatus.INTERNAL_SERVER_ERROR, {"Content-Type": PROBLEM_CONTENT_TYPE})


def _http_response(answer: Answer[Any], correlation_id: str) -> dict[str, Any]:
    """The response in the format of a Lambda proxy integration."""
    return {
        "statusCode": int(answer.status),
        "headers": {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Correlation-Id": correlation_id,
            **answer.headers,
        },
        "body": answer.body if isinstance(answer.body, str) else json.dumps(to_json(answer.body), ensure_ascii=False),
    }


def etag(revision: int) -> dict[str, str]:
    """The ETag header of a revision."""
    return {"ETag": f'"{revision}"'}


def to_json(value: object) -> Any:
    """The value as JSON values, also nested ones. An obstacle has only the fields that apply to it."""
    match value:
        case Obstacle():
            return value.model_dump(mode="json", exclude_none=True)
        case Fit():
            return {**value.model_dump(mode="json"), "reasons": to_json(value.reasons)}
        case BaseModel():
            return value.model_dump(mode="json")
        case Mapping():
            return {str(key): to_json(element) for key, element in value.items()}
        case list() | tuple():
            return [to_json(element) for element in value]
        case _:
            return to_jsonable_python(value)
