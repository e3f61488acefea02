"""The SQS queue of reports to build, from `enqueue_due_reports` to `build_report`."""

import json
from collections.abc import Sequence
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from bookings.call_limits import INVOCATION, SQS_CALL
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.reporting.scheduled_report import ReportPeriod

_MAX_BATCH = 10
"""Messages in one call of SendMessageBatch, at most."""


class SqsReportQueue:
    """The queue behind this URL."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Any = get_session().create_client("sqs", config=Config(**SQS_CALL.config))

    def enqueue(self, wanted: Sequence[tuple[str, ReportPeriod]]) -> None:
        """Enqueue a report for each practice and period; raises Unavailable if SQS does not accept one.

        Or if there is no time left for a call.
        """
        for first in range(0, len(wanted), _MAX_BATCH):
            entries = [
                {"Id": str(number), "MessageBody": message(practice_id, period)}
                for number, (practice_id, period) in enumerate(wanted[first : first + _MAX_BATCH])
            ]
            INVOCATION.check_time_for(SQS_CALL)
            response: dict[str, Any] = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            if response.get("Failed"):
                raise Unavailable


def message(practice_id: str, period: ReportPeriod) -> str:
    """The body of the message to `build_report`."""
    return json.dumps({"practice_id": practice_id, "period": period.model_dump(mode="json")})
