"""History stream: classify why a decision is not what the patient requested."""

from typing import Any

from bookings.bootstrap import bootstrap
from bookings.domain.requests.history import HistoryEntry
from bookings.entrypoints.record_batch import stream_handler
from bookings.observability import logger
from bookings.use_cases.classify_misfits import classify_decision

APP = bootstrap("practices", "bookings", "misfits")


@stream_handler
def handler(row: dict[str, Any]) -> None:
    misfit = classify_decision(APP.practices, APP.bookings, APP.misfits, HistoryEntry.model_validate(row))
    if misfit:
        logger.info("misfit", practice_id=misfit.practice_id, request_id=misfit.request_id, cause=misfit.cause)
