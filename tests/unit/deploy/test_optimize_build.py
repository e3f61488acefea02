"""What deploy/optimize_build.py removes from a build; the AWS services that the code uses stay."""

import gzip
import json
import re
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

from deploy.optimize_build import SERVICES, optimize_build
from deploy.repository_paths import ROOT

ENDPOINTS = {"partitions": [{"partition": "aws", "services": {"dynamodb": {}, "email": {}, "ec2": {}}}]}
MODEL = {
    "documentation": "The manual.",
    "shapes": {"Thing": {"members": {"documentation": {"shape": "Text"}, "id": {"documentation": "<p>An id.</p>"}}}},
}
UNCHECKED = (1).to_bytes(4, "little")
"""The flags of PEP 552 for bytecode that is known by its source's hash and is not checked against it."""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """An optimized build with one layer and one function."""
    for path, content in {
        "Layer/python/boto3/data/ec2/resources.json": b"{}",
        "Layer/python/botocore/data/dynamodb/2012/service-2.json.gz": gzip.compress(json.dumps(MODEL).encode()),
        "Layer/python/botocore/data/ec2/2016/service-2.json.gz": b"",
        "Layer/python/botocore/data/endpoints.json": json.dumps(ENDPOINTS).encode(),
        "Layer/python/icalendar/tests/__init__.py": b"",
        "Layer/python/icalendar/cal.py": b"BEGIN = 1\n",
        "Function/app.py": b"def handler(): raise ValueError\n",
    }.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    optimize_build(tmp_path)
    return tmp_path


def bytecode(source: Path) -> bytes:
    (compiled,) = source.parent.glob(f"__pycache__/{source.stem}.*.pyc")
    return compiled.read_bytes()


def test_only_the_service_models_that_functions_use_are_kept(built: Path) -> None:
    assert [folder.name for folder in (built / "Layer/python/botocore/data").iterdir() if folder.is_dir()] == [
        "dynamodb"
    ]
    endpoints = json.loads((built / "Layer/python/botocore/data/endpoints.json").read_text())
    assert endpoints["partitions"][0]["services"] == {"dynamodb": {}, "email": {}}


def test_files_that_no_function_reads_are_removed(built: Path) -> None:
    assert not (built / "Layer/python/boto3/data").exists()
    assert not (built / "Layer/python/icalendar/tests").exists()
    assert (built / "Layer/python/icalendar/cal.py").exists()


def test_a_service_model_loses_only_its_documentation(built: Path) -> None:
    model = gzip.decompress((built / "Layer/python/botocore/data/dynamodb/2012/service-2.json.gz").read_bytes())
    assert json.loads(model) == {"shapes": {"Thing": {"members": {"documentation": {"shape": "Text"}, "id": {}}}}}


def test_bytecode_does_not_depend_on_file_times(built: Path) -> None:
    for source in (built / "Layer/python/icalendar/cal.py", built / "Function/app.py"):
        assert bytecode(source).startswith(MAGIC_NUMBER + UNCHECKED)


def test_tracebacks_have_the_paths_of_lambda(built: Path) -> None:
    assert b"/opt/python/icalendar/cal.py" in bytecode(built / "Layer/python/icalendar/cal.py")
    assert b"/var/task/app.py" in bytecode(built / "Function/app.py")


def test_optimizing_twice_changes_nothing(built: Path) -> None:
    before = {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}
    optimize_build(built)
    assert {path: path.read_bytes() for path in built.rglob("*") if path.is_file()} == before


def test_every_service_that_the_code_calls_is_kept() -> None:
    sources = [path.read_text() for folder in ("layers", "functions") for path in (ROOT / folder).rglob("*.py")]
    called = {name for source in sources for name in re.findall(r"boto3\.client\(\s*\"(\w+)\"", source)}
    assert "sesv2" in called
    assert called <= set(SERVICES)
