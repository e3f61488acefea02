"""The context that Lambda passes to a handler."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FakeLambdaContext:
    """The parts of a LambdaContext that the functions and Powertools read."""

    function_name: str = "test"
    aws_request_id: str = "run-1"
    memory_limit_in_mb: int = 128
    invoked_function_arn: str = "arn"
    milliseconds: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds
