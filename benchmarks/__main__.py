"""Cold starts in R, and sizes: `make bench`. R is the CPU of a fresh process that only does `boto3.client("dynamodb")`.

Processes are started in turns and the least of many counts, since others share the machine. A handler's figure is all
of a fresh process: interpreter, imports, clients, and its first call of DynamoDB, which is refused at a closed port.
"""

import io
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILT = ROOT / ".aws-sam" / "local"
ROUNDS = 4
REFERENCE = 'import boto3; boto3.client("dynamodb")'
TABLES = (
    "PRACTICES", "REQUESTS", "HISTORY", "APPOINTMENTS", "DAY_SHEETS", "TALLIES", "OUTBOX", "PMS_WRITES", "DELIVERIES",
)  # fmt: skip
COLD_CALL = """
import sys
sys.path.insert(0, {folder!r})
import app
from bookings.storage import database
connection = database.Connection(host="http://127.0.0.1:9", max_retry_attempts=0, connect_timeout_seconds=1)
try:
    connection.dispatch("BatchGetItem", {{"RequestItems": {{"t": {{"Keys": [{{"id": {{"S": "x"}}}}]}}}}}})
except Exception:
    pass
"""


def main() -> None:
    """Print both tables."""
    sources = {"R": REFERENCE} | {
        folder.name: COLD_CALL.format(folder=str(folder)) for folder in sorted((ROOT / "functions").iterdir())
    }
    least = dict.fromkeys(sources, float("inf"))
    for _ in range(ROUNDS):
        for name, source in sources.items():
            least[name] = min(least[name], _cpu(source))
    sys.stdout.write(
        f"Cold start up to the first call of DynamoDB, in R (R = {least['R'] * 1000:.0f} ms of CPU here)\n"
    )
    for name, seconds in least.items():
        sys.stdout.write(f"  {name:22} {seconds / least['R']:.2f}\n")
    for line in _sizes():
        sys.stdout.write(line + "\n")


def _cpu(source: str) -> float:
    """User and system seconds of a fresh interpreter that runs the source."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", source], env=_environment(), check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _environment() -> dict[str, str]:
    told = {f"{table}_TABLE": table.title() for table in TABLES}
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **told,
        "PYTHONPATH": str(ROOT / "layers/common"),
        "AWS_DEFAULT_REGION": "ca-central-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
        "POWERTOOLS_SERVICE_NAME": "chairlink",
        "POWERTOOLS_METRICS_NAMESPACE": "Chairlink",
        "MAIL_SENDER": "bookings@example.com",
        "MAIL_CONFIGURATION_SET": "mail",
    }


def _sizes() -> Iterator[str]:
    """Sizes of what SAM built, zipped and not."""
    if not BUILT.is_dir():
        yield "No sizes: nothing is built yet, `make run` does it."
        return
    yield "Sizes, unzipped and zipped"
    for folder in sorted(path for path in BUILT.iterdir() if path.is_dir()):
        files = [path for path in folder.rglob("*") if path.is_file()]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                archive.write(path, path.relative_to(folder))
        unzipped = sum(path.stat().st_size for path in files)
        yield f"  {folder.name:30} {unzipped / 1024:9.0f} kB {len(packed.getvalue()) / 1024:9.0f} kB"


if __name__ == "__main__":
    main()
