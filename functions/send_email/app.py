"""Outbox stream and queue of held e-mails: send new e-mails, each at the end of its undo window."""

import json
from datetime import UTC, datetime
from typing import Any

from bookings.bootstrap import bootstrap
from bookings.domain.outbox.email import EmailStatus
from bookings.entrypoints.record_batch import stream_and_queue_handler
from bookings.observability import log_email_outcome, logger
from bookings.use_cases.send_email import send_or_hold_email

APP = bootstrap("email_sender", "held_emails")


def _send_new(row: dict[str, Any]) -> None:
    if row["status"] == EmailStatus.PENDING:
        _send(row["outbox_id"], row["correlation_id"])


def _send_held(message: str) -> None:
    _send(**json.loads(message))


def _send(outbox_id: str, correlation_id: str) -> None:
    logger.set_correlation_id(correlation_id)
    now = datetime.now(UTC).replace(microsecond=0)
    log_email_outcome(send_or_hold_email(APP.email_sender, APP.held_emails, outbox_id, now))


handler = stream_and_queue_handler(_send_new, _send_held)
