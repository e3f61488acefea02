"""`python -m contract write` writes docs/openapi.json; `check` says whether the code has moved away from it."""

import json
import sys

from contract.document import ROOT, document

PLACE = ROOT / "docs" / "openapi.json"


def main(arguments: list[str]) -> int:
    """Do what was asked; the exit code says whether it went well."""
    text = json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
    match arguments:
        case ["write"]:
            PLACE.write_text(text)
        case ["check"]:
            if not PLACE.exists() or PLACE.read_text() != text:
                sys.stderr.write("chairlink: the code does not match docs/openapi.json: run `make openapi`\n")
                return 1
        case _:
            sys.stderr.write("usage: python -m contract write | check\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
