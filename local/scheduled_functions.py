"""What runs by the clock on AWS and in the emulator, and here also when somebody asks."""

from typing import Any

from local.aws_emulator import Emulator
from local.emulator_deployment import physical_name
from local.sam_build import Build


class Schedule:
    """The functions that template.yaml puts on a schedule; `sweep_outbox` is SweepOutboxFunction there."""

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
        """Run that function to its end, and say whether it went well; None if none of that name is on a schedule."""
        logical_id = f"{name.title().replace('_', '')}Function"
        if logical_id not in self._logical_ids:
            return None
        answer = self._lambda.invoke(FunctionName=physical_name(self._cloudformation, logical_id))
        return "FunctionError" not in answer
