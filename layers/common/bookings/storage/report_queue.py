"""The queue between the planner of reports and their builders."""

import json
from collections.abc import Sequence
from typing import Any

from botocore.session import get_session

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.reporting.scheduled_report import ReportPeriod

BATCH = 10
"""Messages that SQS takes at once."""


class SqsReportQueue:
    """One SQS queue."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Any = get_session().create_client("sqs")

    def enqueue(self, wanted: Sequence[tuple[str, ReportPeriod]]) -> None:
        """Ask for these practices' reports about these periods; raises Unavailable if one was not taken."""
        for first in range(0, len(wanted), BATCH):
            entries = [
                {"Id": str(number), "MessageBody": message(practice_id, period)}
                for number, (practice_id, period) in enumerate(wanted[first : first + BATCH])
            ]
            answer: dict[str, Any] = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            if answer.get("Failed"):
                raise Unavailable


def message(practice_id: str, period: ReportPeriod) -> str:
    """What the builder is told."""
    return json.dumps({"practice_id": practice_id, "period": period.model_dump(mode="json")})
