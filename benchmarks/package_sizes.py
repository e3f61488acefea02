"""Sizes of what ships, with its bytecode: zipped as it is uploaded, and as it lies on a machine."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from local.sam_build import Build

AWS = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "python_dateutil", "six")
"""boto3 and what only it needs; Lambda has a boto3 of its own, of whatever version."""


def show(built: Build) -> None:
    print("\nSizes, unzipped and zipped")
    for folder in sorted(path for path in built.folder.iterdir() if path.is_dir()):
        files = [path for path in folder.rglob("*") if path.is_file()]
        _show(folder.name, folder, files)
        if (folder / "python").is_dir():
            own = [path for path in files if not path.relative_to(folder / "python").parts[0].startswith(AWS)]
            _show("… without boto3", folder, own)
            _show("… nor bytecode", folder, [path for path in own if path.suffix != ".pyc"])


def _show(name: str, folder: Path, files: Iterable[Path]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(folder))
    unzipped = sum(path.stat().st_size for path in files)
    print(f"  {name:30} {unzipped / 1024:9.0f} kB {len(packed.getvalue()) / 1024:9.0f} kB")
