"""Lambda handlers of record batches, from a DynamoDB stream or an SQS queue."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.call_limits import INVOCATION
from bookings.observability import flush_metrics, log_crash, logger

_Handler = Callable[[dict[str, Any], LambdaContext], Any]

_Record = TypeVar("_Record")


def stream_handler(handle: Callable[[dict[str, Any]], None]) -> _Handler:
    """A handler that calls `handle` with the new image of each stream record. Deletions have none and are skipped."""

    def handle_record(record: DynamoDBRecord) -> None:
        image = record.dynamodb.new_image if record.dynamodb else None
        if image:
            handle(image)

    return _batch_handler(EventType.DynamoDBStreams, handle_record)


def queue_handler(handle: Callable[[str], None]) -> _Handler:
    """A handler that calls `handle` with the body of each message of an SQS queue."""

    def handle_record(record: SQSRecord) -> None:
        handle(record.body)

    return _batch_handler(EventType.SQS, handle_record)


def stream_and_queue_handler(
    handle_row: Callable[[dict[str, Any]], None], handle_message: Callable[[str], None]
) -> _Handler:
    """A handler of both kinds of batches: of a stream, as `stream_handler`, and of a queue, as `queue_handler`."""
    from_stream, from_queue = stream_handler(handle_row), queue_handler(handle_message)

    def handler(event: dict[str, Any], context: LambdaContext) -> Any:
        is_queue = event["Records"][0]["eventSource"] == "aws:sqs"
        return (from_queue if is_queue else from_stream)(event, context)

    return handler


def _batch_handler(event_type: EventType, handle: Callable[[_Record], None]) -> _Handler:
    """Handle each record alone. Failed records are reported (ReportBatchItemFailures) and delivered again."""
    processor = BatchProcessor(event_type=event_type)

    def handle_safely(record: _Record) -> None:
        try:
            handle(record)
        except Exception as error:  # noqa: BLE001  # raised again below, without its text
            log_crash(error)
            # Powertools logs the text of the error. The text of the cause may contain personal data.
            raise RuntimeError(type(error).__name__) from None

    @wraps(handle)
    def handler(event: dict[str, Any], context: LambdaContext) -> Any:
        logger.set_correlation_id(context.aws_request_id)
        try:
            with INVOCATION.ending_in(context.get_remaining_time_in_millis()):
                return process_partial_response(
                    event=event, record_handler=handle_safely, processor=processor, context=context
                )
        finally:
            flush_metrics()

    return handler
