"""Makes the output of `sam build` smaller and faster to start: removes unused files and adds bytecode.

`python -m deploy.optimize_build FOLDER` changes FOLDER in place. `make run` and `make deploy` both run it. Run it with
the Python version of the functions, because bytecode is valid for one version only. It uses the standard library alone.
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
"""The AWS services that functions call: botocore's data folder -> key in botocore's endpoints.json."""

UNUSED_FOLDERS = (
    "boto3/data",  # definitions of boto3 resources; the functions use clients
    "aws_lambda_powertools/event_handler",  # the router, see docs/adr/0004
    "icalendar/tests",
)
"""Folders of the layer that no function reads."""


def optimize_build(build: Path) -> None:
    """Optimize each layer and each function in the folder. A second run changes nothing."""
    for layer in build.glob("*/python"):
        for folder in _unused_folders(layer):
            shutil.rmtree(folder, ignore_errors=True)
        if (endpoints := layer / "botocore/data/endpoints.json").exists():
            _trim_endpoints(endpoints)
        for model in layer.glob("botocore/data/*/*/service-2.json.gz"):
            _remove_documentation(model)
        _compile(layer.parent, "/opt")
    for function in build.glob("*/app.py"):
        _compile(function.parent, "/var/task")


def _unused_folders(layer: Path) -> Iterator[Path]:
    yield from (layer / name for name in UNUSED_FOLDERS)
    yield from (folder for folder in layer.glob("botocore/data/*") if folder.is_dir() and folder.name not in SERVICES)


def _trim_endpoints(path: Path) -> None:
    endpoints: dict[str, Any] = json.loads(path.read_text())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in SERVICES.values() if name in services}
    path.write_text(json.dumps(endpoints))


def _remove_documentation(path: Path) -> None:
    """Documentation is 80 % of a service model, and every cold start would unpack and parse it."""
    model = json.loads(gzip.decompress(path.read_bytes()), object_hook=_without_documentation)
    for parameter in model.get("clientContextParams", {}).values():
        parameter["documentation"] = ""  # botocore requires this one
    path.write_bytes(gzip.compress(json.dumps(model).encode(), mtime=0))


def _without_documentation(node: dict[str, Any]) -> dict[str, Any]:
    """Remove `documentation` where it is a string. A shape may have a member with the same name: that one stays."""
    return {key: value for key, value in node.items() if key != "documentation" or not isinstance(value, str)}


def _compile(folder: Path, folder_in_lambda: str) -> None:
    """Use unchecked hashes: an upload changes file times, and nobody edits the sources of a deployed function."""
    compile_dir(
        folder,
        quiet=2,
        workers=0,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        stripdir=str(folder),
        prependdir=folder_in_lambda,
    )


if __name__ == "__main__":
    optimize_build(Path(sys.argv[1]))
