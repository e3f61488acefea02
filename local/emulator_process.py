"""Runs MiniStack, and ends it when the process that started it ends, also if that one was killed.

The emulator's own Python runs this file, so it uses the standard library only. A pipe at its standard input stays open
for as long as the other process lives.
"""

import os
import runpy
import signal
import threading


def _end_with_the_other_end_of_the_pipe() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)  # with the processes of functions; without saving, which nobody would notice


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_other_end_of_the_pipe, daemon=True).start()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
