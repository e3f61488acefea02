"""Sizes of the layer and the functions with their bytecode, zipped for the upload and unzipped."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from local.sam_build import Build

BOTO3_PACKAGES = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "python_dateutil", "six")
"""boto3 and what only boto3 needs. Lambda contains boto3 too, in a version that we do not choose."""


def print_sizes(built: Build) -> None:
    print("\nSizes, unzipped and zipped")
    for folder in sorted(path for path in built.folder.iterdir() if path.is_dir()):
        files = [path for path in folder.rglob("*") if path.is_file()]
        _print_size(folder.name, folder, files)
        if (folder / "python").is_dir():
            rest = [
                path for path in files if not path.relative_to(folder / "python").parts[0].startswith(BOTO3_PACKAGES)
            ]
            _print_size("… without boto3", folder, rest)
            _print_size("… and bytecode", folder, [path for path in rest if path.suffix != ".pyc"])


def _print_size(name: str, folder: Path, files: Iterable[Path]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(folder))
    unzipped = sum(path.stat().st_size for path in files)
    print(f"  {name:30} {unzipped / 1024:9.0f} kB {len(buffer.getvalue()) / 1024:9.0f} kB")
