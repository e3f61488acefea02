"""Command line: `write` generates docs/openapi.json, `check` compares it with the code."""

import json
import sys

from contract.document import document
from deploy.repository_paths import ROOT

PATH = ROOT / "docs" / "openapi.json"


def main(arguments: list[str]) -> int:
    """Run the command, and return its exit code."""
    text = json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
    match arguments:
        case ["write"]:
            PATH.write_text(text)
        case ["check"]:
            if not PATH.exists() or PATH.read_text() != text:
                sys.stderr.write("chairlink: the code does not match docs/openapi.json: run `make openapi`\n")
                return 1
        case _:
            sys.stderr.write("usage: python -m contract write | check\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
