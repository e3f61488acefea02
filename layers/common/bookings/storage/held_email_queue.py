"""The SQS queue of e-mails that wait for the end of the undo window. `send_email` fills it and consumes it."""

import json
from datetime import timedelta
from math import ceil
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from bookings.call_limits import INVOCATION, SQS_CALL

_MAX_DELAY_SECONDS = 900
"""SQS delays a message by 15 minutes at most. An undo window has two at most."""


class SqsHeldEmailQueue:
    """The queue behind this URL."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Any = get_session().create_client("sqs", config=Config(**SQS_CALL.config))

    def enqueue(self, outbox_id: str, correlation_id: str, delay: timedelta) -> None:
        """Deliver the message after this delay, in whole seconds and not too early.

        Raises Unavailable if there is no time left for a call.
        """
        seconds = min(ceil(delay.total_seconds()), _MAX_DELAY_SECONDS)
        body = json.dumps({"outbox_id": outbox_id, "correlation_id": correlation_id})
        INVOCATION.check_time_for(SQS_CALL)
        self._client.send_message(QueueUrl=self._url, MessageBody=body, DelaySeconds=seconds)
