"""Outbox stream: send new e-mails."""

from datetime import UTC, datetime
from typing import Any

from bookings.bootstrap import bootstrap
from bookings.domain.outbox.email import EmailStatus
from bookings.entrypoints.record_batch import stream_handler
from bookings.observability import log_email_outcome, logger
from bookings.use_cases.send_email import send_email

APP = bootstrap("email_sender")


@stream_handler
def handler(row: dict[str, Any]) -> None:
    if row["status"] != EmailStatus.PENDING:
        return
    logger.set_correlation_id(row["correlation_id"])
    log_email_outcome(send_email(APP.email_sender, row["outbox_id"], datetime.now(UTC).replace(microsecond=0)))
