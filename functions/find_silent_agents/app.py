"""Every five minutes: PMS agents that have said nothing for half an hour, not even that they are alive."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.observability import flush_metrics, logger, metrics
from bookings.storage.stores import open_stores

STORES = open_stores()

NAMED = 100
"""Agents named in the log; when more are silent at once, it is not they who are broken."""


def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  # the schedule has nothing to say
    """Say how many agents are silent, also when none is: silence of ours would mean that nobody listens."""
    logger.set_correlation_id(context.aws_request_id)
    silent = STORES.practices.silent_agents(datetime.now(UTC), NAMED)
    for agent in silent:
        logger.warning("agent is silent", **agent.model_dump(mode="json"))
    metrics.add_metric(name="SilentAgents", unit=MetricUnit.Count, value=len(silent))
    flush_metrics()
