"""`python -m local run` starts the stack, `reset` empties its state, `tell` speaks to it as a demo practice's PMS."""

import os
import shutil
import signal
import sys

from local.aws_emulator import HOST
from local.post_pms_events import tell
from local.run_stack import Stack, hold
from local.state_folder import State
from local.terminal_output import CannotGoOn, complain, say


def main(arguments: list[str]) -> int:
    """Do what was asked; the exit code says whether it went well."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever stops us, we stop in the same way
    try:
        match arguments:
            case ["run"]:
                Stack(State.chosen(), _port()).run()
            case ["reset"]:
                state = State.chosen()
                with hold(state):
                    shutil.rmtree(state.folder)
                say("The local state is empty.")
            case ["tell", practice_id, event]:
                say(tell(f"http://{HOST}:{_port()}", practice_id, event))
            case _:
                raise CannotGoOn("usage: python -m local run | reset | tell PRACTICE_ID EVENT")
    except CannotGoOn as trouble:
        complain(str(trouble))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def _port() -> int:
    given = os.environ.get("PORT", "8000")
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CannotGoOn(f"PORT must be a number between 1 and 65535, not {given!r}")
    return int(given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
