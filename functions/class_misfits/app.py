"""The stream of history: a decision that is not what the patient asked for is classed by its cause."""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.domain.requests.history import HistoryEntry
from bookings.observability import log_crash, logger
from bookings.storage.finding_store import open_findings
from bookings.use_cases.classify_misfits import classify_decision

STORES, FINDINGS = open_findings()

PROCESSOR = BatchProcessor(event_type=EventType.DynamoDBStreams)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle each record by itself; those that failed are named, and come again."""
    logger.set_correlation_id(context.aws_request_id)
    return process_partial_response(event=event, record_handler=_handle, processor=PROCESSOR, context=context)


def _handle(record: DynamoDBRecord) -> None:
    image = record.dynamodb.new_image if record.dynamodb else None
    if not image:
        return
    try:
        entry = HistoryEntry.model_validate(image)
        noted = classify_decision(STORES.practices, STORES.bookings, FINDINGS, entry)
    except Exception as error:  # noqa: BLE001  # raised again, without its text
        log_crash(error)
        # Without the cause: Powertools puts its text, which may quote the front desk's note, into the runtime's log.
        raise RuntimeError(type(error).__name__) from None
    if noted:
        logger.info("misfit", practice_id=noted.practice_id, request_id=noted.request_id, cause=noted.cause)
