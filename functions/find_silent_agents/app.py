"""Every five minutes: find PMS agents that have sent nothing for half an hour, not even a heartbeat."""

from aws_lambda_powertools.metrics import MetricUnit

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled
from bookings.observability import logger, metrics

APP = bootstrap("practices")

MAX_LOGGED_AGENTS = 100
"""If more agents are silent at once, the cause is not in the agents."""


@scheduled()
def handler(stamp: Stamp, _: HasTime) -> None:
    """Count the silent agents, also if there are none, so that a missing metric shows that no check ran."""
    silent = APP.practices.silent_agents(stamp.at, MAX_LOGGED_AGENTS)
    for agent in silent:
        logger.warning("agent is silent", **agent.model_dump(mode="json"))
    metrics.add_metric(name="SilentAgents", unit=MetricUnit.Count, value=len(silent))
