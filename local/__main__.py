"""The commands `python -m local run`, `reset`, `tell PRACTICE_ID EVENT` and `check-agent`.

`run` starts the stack. `reset` deletes its state. `tell` posts a PMS event to the running stack, signed as the agent of
that demo practice. `check-agent` judges the sync agent of a PMS vendor, without a stack. PORT sets the port of the
stack, 8000 by default. DEMO_AGENTS=off runs the stack without the demo's own agents.
"""

import os
import shutil
import signal
import sys

from local.agent_check.command import check_agent
from local.aws_emulator import HOST
from local.demo_pms_agents import practices_without_agent
from local.post_pms_events import post_event_of_practice
from local.run_stack import Stack, exclusive_use
from local.state_folder import StateFolder
from local.terminal_output import CommandError, print_error, print_line


def main(arguments: list[str]) -> int:
    """Run the command that the arguments name. Returns the exit code: 0, or 1 after an error that was printed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop on SIGTERM the same way as on Ctrl-C
    try:
        match arguments:
            case ["run"]:
                Stack(StateFolder.from_environment(), _port(), practices_without_agent()).run()
            case ["reset"]:
                state = StateFolder.from_environment()
                with exclusive_use(state):
                    shutil.rmtree(state.path)
                print_line("The state of the local stack was deleted.")
            case ["tell", practice_id, event]:
                print_line(post_event_of_practice(f"http://{HOST}:{_port()}", practice_id, event))
            case ["check-agent", *options]:
                return check_agent(options)
            case _:
                raise CommandError("usage: python -m local run | reset | tell PRACTICE_ID EVENT | check-agent")
    except CommandError as error:
        print_error(str(error))
        return 1
    except KeyboardInterrupt:
        print_line("Stopped.")
    return 0


def _port() -> int:
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"PORT must be a number between 1 and 65535, not {port!r}")
    return int(port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
