"""Makes what `sam build` built ready to ship: without what no function reads, and with bytecode.

Run by the local build and by `make deploy` alike, with the Python that the functions will run on; it needs no package.
"""

import gzip
import json
import shutil
import sys
from collections.abc import Iterator
from compileall import compile_dir
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

SERVICES = {"dynamodb": "dynamodb", "s3": "s3", "sesv2": "email", "sqs": "sqs"}
"""The AWS services that functions call: botocore's folder of each, and its name in the table of endpoints."""

UNREAD = (
    "boto3/data",  # boto3's resources; we use clients
    "aws_lambda_powertools/event_handler",  # the router, see docs/adr/0004
    "icalendar/tests",
)


def pack(build: Path) -> None:
    """Pack each layer and function in that folder; again does no harm."""
    for layer in build.glob("*/python"):
        for unread in _unread(layer):
            shutil.rmtree(unread, ignore_errors=True)
        if (table := layer / "botocore/data/endpoints.json").exists():
            _trim_endpoints(table)
        for model in layer.glob("botocore/data/*/*/service-2.json.gz"):
            _trim_documentation(model)
        _compile(layer.parent, "/opt")
    for function in build.glob("*/app.py"):
        _compile(function.parent, "/var/task")


def _unread(layer: Path) -> Iterator[Path]:
    yield from (layer / name for name in UNREAD)
    yield from (folder for folder in layer.glob("botocore/data/*") if folder.is_dir() and folder.name not in SERVICES)


def _trim_endpoints(table: Path) -> None:
    known: dict[str, Any] = json.loads(table.read_text())
    for partition in known["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in SERVICES.values() if name in services}
    table.write_text(json.dumps(known))


def _trim_documentation(model: Path) -> None:
    """Four fifths of a service's model are its manual, which every cold start would unpack and parse."""
    bare = json.loads(gzip.decompress(model.read_bytes()), object_hook=_without_documentation)
    for parameter in bare.get("clientContextParams", {}).values():
        parameter["documentation"] = ""  # botocore insists on this one
    model.write_bytes(gzip.compress(json.dumps(bare).encode(), mtime=0))


def _without_documentation(value: dict[str, Any]) -> dict[str, Any]:
    """A shape may have a member of that name: only a text is documentation."""
    return {name: part for name, part in value.items() if name != "documentation" or not isinstance(part, str)}


def _compile(folder: Path, place: str) -> None:
    """Unchecked: uploading changes the files' times, and where a function runs nobody edits its sources."""
    unchecked = PycInvalidationMode.UNCHECKED_HASH
    compile_dir(folder, quiet=2, workers=0, invalidation_mode=unchecked, stripdir=str(folder), prependdir=place)


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
