"""The stream of the outbox: a new row is a letter to send."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.domain.outbox.email import EmailStatus
from bookings.emails.traces import log_email_outcome
from bookings.observability import flush_metrics, log_crash, logger
from bookings.post_office import open_email_sender
from bookings.use_cases.send_email import send_email

OFFICE = open_email_sender()

PROCESSOR = BatchProcessor(event_type=EventType.DynamoDBStreams)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle each record by itself; those that failed are named, and come again."""
    try:
        return process_partial_response(event=event, record_handler=_handle, processor=PROCESSOR, context=context)
    finally:
        flush_metrics()


def _handle(record: DynamoDBRecord) -> None:
    row = record.dynamodb.new_image if record.dynamodb else None
    if not row or row["status"] != EmailStatus.PENDING:
        return
    logger.set_correlation_id(row["correlation_id"])
    try:
        log_email_outcome(send_email(OFFICE, row["outbox_id"], datetime.now(UTC).replace(microsecond=0)))
    except Exception as error:  # noqa: BLE001  # raised again, without its text
        log_crash(error)
        # Without the cause: Powertools puts its text, which may quote the patient, into the runtime's log.
        raise RuntimeError(type(error).__name__) from None
