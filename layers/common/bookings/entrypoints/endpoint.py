"""Lambda handlers of HTTP operations: responses, problem responses and crashes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bookings.domain.kernel.errors import Refusal
from bookings.entrypoints.call import Call
from bookings.entrypoints.problems import problem
from bookings.entrypoints.response_bodies import render
from bookings.observability import flush_metrics, log_crash, logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_PROBLEM_HEADERS = {"Content-Type": "application/problem+json"}


@dataclass(frozen=True)
class Answer:
    """What an operation answers. A body that is a string is sent as it is, any other as JSON."""

    body: object
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


def endpoint(operate: Callable[[Call], Answer]) -> Callable[[dict[str, Any], "LambdaContext"], dict[str, Any]]:
    """A Lambda handler of an HTTP operation. Refusals and crashes become problem responses (RFC 9457)."""

    @wraps(operate)
    def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
        call = Call(event, datetime.now(UTC).replace(microsecond=0))
        logger.set_correlation_id(call.correlation_id)
        try:
            answer = operate(call)
        except Refusal as refusal:
            answer = _refusal_answer(refusal)
        except Exception as error:  # noqa: BLE001  # callers get a problem response, never a traceback
            answer = _crash_answer(error)
        flush_metrics()
        return _http_response(answer, call.correlation_id)

    return handler


def _refusal_answer(refusal: Refusal) -> Answer:
    status, document = problem(refusal)
    logger.info("refused", problem=refusal.slug, status=status)
    return Answer(document, status, _PROBLEM_HEADERS)


def _crash_answer(error: Exception) -> Answer:
    log_crash(error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    document = {"type": "internal-error", "title": "Something went wrong on our side", "status": status}
    return Answer(document, status, _PROBLEM_HEADERS)


def _http_response(answer: Answer, correlation_id: str) -> dict[str, Any]:
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
        "body": answer.body if isinstance(answer.body, str) else json.dumps(render(answer.body), ensure_ascii=False),
    }


def etag(revision: int) -> dict[str, str]:
    """The ETag header of a revision."""
    return {"ETag": f'"{revision}"'}
