"""A queue of reports to build in memory."""

from collections.abc import Sequence

from bookings.domain.reporting.scheduled_report import ReportPeriod


class InMemoryReportQueue:
    """The ReportQueue in memory: `enqueued` holds everything. While `is_broken`, enqueueing fails."""

    def __init__(self) -> None:
        self.enqueued: list[tuple[str, ReportPeriod]] = []
        self.is_broken = False

    def enqueue(self, wanted: Sequence[tuple[str, ReportPeriod]]) -> None:
        if self.is_broken:
            raise ConnectionError
        self.enqueued += wanted
