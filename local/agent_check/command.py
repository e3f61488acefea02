"""The command `python -m local check-agent`: serves the check, then prints the verdicts."""

import argparse
import asyncio
import time
from collections.abc import Sequence

import uvicorn

from local.agent_check.recording import FAST_PACE, NORMAL_PACE
from local.agent_check.report import exit_code, is_settled, judge, report_lines
from local.agent_check.requested_writes import Resources
from local.agent_check.scenario import Scenario
from local.agent_check.server import AgentCheckApp
from local.aws_emulator import HOST
from local.demo_practices import HARBOUR, PRACTICES, DemoPractice
from local.terminal_output import CommandError, print_line

# Published on purpose: they protect nothing but one run of the check on 127.0.0.1.
SECRETS = ("whsec_b2xkIHNlY3JldCBvZiB0aGUgYWdlbnQgY2hlY2s=", "whsec_bmV3IHNlY3JldCBvZiB0aGUgYWdlbnQgY2hlY2s=")
_POLL_SECONDS = 0.5


def check_agent(arguments: Sequence[str]) -> int:
    """Serve until every rule was seen, the time is over or Ctrl-C; print the report. Returns the exit code."""
    options = _parse(arguments)
    practice = next(one for one in PRACTICES if one.id == options.practice)
    pace = FAST_PACE if options.fast else NORMAL_PACE
    scenario = Scenario(SECRETS, _resources(practice), pace, time.time)
    app = AgentCheckApp(practice.agent_id, scenario).app()
    server = uvicorn.Server(
        uvicorn.Config(app, HOST, options.port, log_level="error", access_log=False, timeout_graceful_shutdown=1)
    )
    print_line(f"""Waiting for your agent. Ctrl-C ends the check and prints the report.

  URL            http://{HOST}:{options.port}
  Agent id       {practice.agent_id}
  Secret         {SECRETS[0]}
  Second secret  {SECRETS[1]}  (valid too, as in a rotation)

Change an appointment in your PMS meanwhile. The check answers with faults and asks for two appointments.
""")
    try:
        asyncio.run(_serve(server, scenario, options.minutes * 60))
    except KeyboardInterrupt:
        pass  # uvicorn raises it again after Ctrl-C
    except SystemExit:
        raise CommandError(f"port {options.port} cannot be used; choose another one with --port") from None
    recording = scenario.recording()
    verdicts = judge(recording)
    for line in report_lines(verdicts):
        print_line(line)
    return exit_code(recording, verdicts)


async def _serve(server: uvicorn.Server, scenario: Scenario, seconds: float) -> None:
    serving = asyncio.create_task(server.serve())
    deadline = time.monotonic() + seconds
    while not serving.done():
        await asyncio.wait([serving], timeout=_POLL_SECONDS)
        is_over = scenario.is_complete and is_settled(judge(scenario.recording()))
        if is_over or time.monotonic() > deadline:
            server.should_exit = True
    await serving


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m local check-agent", description="Check the sync agent of a PMS.")
    parser.add_argument("--port", type=int, default=8010, help="port on 127.0.0.1 (8010)")
    parser.add_argument(
        "--practice",
        default=HARBOUR.id,
        choices=[one.id for one in PRACTICES],
        help="demo practice whose agent id, time zone, practitioner, chair and service the check uses",
    )
    parser.add_argument("--minutes", type=float, default=10, help="end after this time (10)")
    parser.add_argument("--fast", action="store_true", help="short limits, for agents with short intervals")
    return parser.parse_args(arguments)


def _resources(practice: DemoPractice) -> Resources:
    return Resources(
        practitioner_id=practice.practitioners[0].id,
        chair_id=practice.chairs[0][0],
        service_id=practice.services[0][0],
        timezone=practice.fields["timezone"],
    )
