"""A Lambda handler around an HTTP operation."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bookings.domain.kernel.errors import Refusal
from bookings.entrypoints.responses import render
from bookings.observability import flush_metrics, log_crash, logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
from bookings.entrypoints.call import Call
from bookings.entrypoints.problems import problem


@dataclass(frozen=True)
class Answer:
    """A successful answer; the body is rendered as JSON unless it is text already."""

    body: object
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


def endpoint(operate: Callable[[Call], Answer]) -> Callable[[dict[str, Any], "LambdaContext"], dict[str, Any]]:
    """A Lambda handler that answers a call, or refuses it as RFC 9457 says; whatever happens, no traceback leaves."""

    @wraps(operate)
    def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
        call = Call(event, datetime.now(UTC).replace(microsecond=0))
        logger.set_correlation_id(call.correlation_id)
        try:
            answer = operate(call)
            status, body, headers = answer.status, answer.body, dict(answer.headers)
        except Refusal as refusal:
            status, body = problem(refusal)
            headers = {"Content-Type": "application/problem+json"}
            logger.info("refused", problem=refusal.slug, status=status)
        except Exception as error:  # noqa: BLE001  # the catch-all: the caller gets a problem, never a traceback
            log_crash(error)
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            body = {"type": "internal-error", "title": "Something went wrong on our side", "status": status}
            headers = {"Content-Type": "application/problem+json"}
        flush_metrics()
        return {
            "statusCode": int(status),
            "headers": {
                "Content-Type": "application/json",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "X-Correlation-Id": call.correlation_id,
                **headers,
            },
            "body": body if isinstance(body, str) else json.dumps(render(body), ensure_ascii=False),
        }

    return handler


def etag(revision: int) -> dict[str, str]:
    """The header that names a revision."""
    return {"ETag": f'"{revision}"'}
