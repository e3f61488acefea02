"""Runs the scheduled functions on request, besides their schedule in the emulator: `POST /local/run/{function}`."""

from typing import Any

from local.aws_emulator import Emulator
from local.emulator_deployment import physical_name
from local.sam_build import Build


class ScheduledFunctions:
    """The functions that template.yaml runs on a schedule, by their names in snake case.

    `sweep_outbox` is SweepOutboxFunction in the template.
    """

    def __init__(self, emulator: Emulator, build: Build) -> None:
        self._lambda: Any = emulator.client("lambda")
        self._cloudformation: Any = emulator.client("cloudformation")
        self._logical_ids = {
            logical_id
            for logical_id, resource in build.template["Resources"].items()
            for event in resource.get("Properties", {}).get("Events", {}).values()
            if event["Type"] in ("Schedule", "ScheduleV2")
        }

    def run(self, name: str) -> bool | None:
        """Run a function and wait for its end. True if it succeeded; None if no function of that name is scheduled."""
        logical_id = f"{name.title().replace('_', '')}Function"
        if logical_id not in self._logical_ids:
            return None
        response = self._lambda.invoke(FunctionName=physical_name(self._cloudformation, logical_id))
        return "FunctionError" not in response
