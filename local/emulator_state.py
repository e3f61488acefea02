"""The saved state of the AWS emulator: each run works on a copy, which replaces it once all of it was saved.

The emulator saves one file for each service when it is stopped, and only logs what it could not save. So a run that was
killed, or a full disk, never leaves a mixture of old and new files: the next run starts from the last complete save.
"""

import errno
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from local.state_folder import StateFolder
from local.terminal_output import CommandError

_SERVICES = ("apigateway_v1", "cloudformation", "cognito", "dynamodb", "iam", "lambda", "s3", "sqs")
"""The services without whose state the stack does not start, by the names of their files."""

_QUEUE_URL = re.compile(r"(http://localhost:)\d+(/\d{12}/)")
_NO_SPACE = os.strerror(errno.ENOSPC)
_FULL_DISK_BYTES = 1024 * 1024
"""With less than this free, no state fits on the disk."""

_FAILURE = re.compile(r"Persistence: (?:failed to save|error getting state for) (\w+): (.*)")


class EmulatorState:
    """The state of the emulator in a state folder."""

    def __init__(self, state: StateFolder) -> None:
        self._saved = state.saved_emulator_folder
        self._replaced = state.replaced_emulator_folder
        self._working = state.emulator_folder
        self._log = state.emulator_log

    def prepare(self, port: int) -> None:
        """Make the working copy for a run at that port. Raises CommandError if it cannot be copied."""
        if self._replaced.exists() and not self._saved.exists():  # stopped between the two renames of `keep`
            self._replaced.rename(self._saved)
        shutil.rmtree(self._replaced, ignore_errors=True)
        if self._saved.exists():
            shutil.rmtree(self._working, ignore_errors=True)
            try:
                shutil.copytree(self._saved, self._working)
            except (OSError, shutil.Error) as error:
                raise CommandError(f"the saved state cannot be copied ({error}); free some disk space") from None
        self._working.mkdir(parents=True, exist_ok=True)
        delete_stream_positions(self._working / "lambda.json")
        set_port_of_queue_urls(self._working, port)

    def modified(self) -> Mapping[str, int]:
        """When each service was last saved into the working copy, in nanoseconds. To be passed to `keep`."""
        return {path.stem: path.stat().st_mtime_ns for path in self._working.glob("*.json")}

    def keep(self, before: Mapping[str, int]) -> None:
        """Let the working copy replace the saved state, if the emulator has saved all of it since `before`.

        Raises CommandError otherwise; the saved state then stays as it is.
        """
        reason = self._reason_against(before)
        if reason is None:
            try:
                self._replace()
            except OSError as error:
                reason = error.strerror
        if reason is not None:
            raise CommandError(
                f"the state was not saved: {reason}. The next start has the state of the last clean stop"
            )

    def _reason_against(self, before: Mapping[str, int]) -> str | None:
        failure = _FAILURE.search(self._log.read_text(errors="replace"))
        after = self.modified()
        unsaved = [name for name in _SERVICES if after.get(name, 0) <= before.get(name, 0)]
        if not failure and not unsaved:
            return None
        if shutil.disk_usage(self._working).free < _FULL_DISK_BYTES or (failure and _NO_SPACE in failure[2]):
            return "the disk is full"
        return f"the emulator could not save {failure[1] if failure else ', '.join(unsaved)}; see {self._log}"

    def _replace(self) -> None:
        shutil.rmtree(self._replaced, ignore_errors=True)
        if self._saved.exists():
            self._saved.rename(self._replaced)
        self._working.rename(self._saved)
        shutil.rmtree(self._replaced, ignore_errors=True)


def set_port_of_queue_urls(emulator_folder: Path, port: int) -> None:
    """Put the new port into all saved queue URLs: the emulator finds a queue by its URL, which contains the port."""
    for path in (emulator_folder / f"{service}.json" for service in ("sqs", "cloudformation", "lambda")):
        if path.exists():
            path.write_text(_QUEUE_URL.sub(rf"\g<1>{port}\g<2>", path.read_text()))


def delete_stream_positions(lambda_state: Path) -> None:
    """Delete the saved read positions of DynamoDB streams.

    The emulator saves the positions but not the streams, so after a restart it would wait for ever at the old position.
    """
    if not lambda_state.exists():
        return
    contents = json.loads(lambda_state.read_text())
    payload = contents.get("payload", contents)
    if payload.pop("dynamodb_stream_positions", None) is not None:
        lambda_state.write_text(json.dumps(contents))
