"""A public name has one meaning: no two modules of the layer define the same class, function or constant."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from deploy.repository_paths import ROOT

PACKAGE = ROOT / "layers/common/bookings"


def public_names(source: str) -> Iterator[str]:
    """The public classes, functions and constants that a module defines at its top level."""
    for statement in ast.parse(source).body:
        match statement:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names = [name]
            case ast.Assign(targets=targets):
                names = [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case _:
                names = []
        yield from (name for name in names if not name.startswith("_"))


def test_the_public_names_of_a_module_are_found() -> None:
    source = "import os\nA, B = 1, 2\nC: int = 3\n_D = 4\nclass E: F = 5\ndef g(): h = 6\n"
    assert list(public_names(source)) == ["A", "B", "C", "E", "g"]


def test_no_two_modules_define_the_same_public_name() -> None:
    modules: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in public_names(path.read_text()):
            modules[name].append(str(path.relative_to(PACKAGE)))
    duplicates = {name: found for name, found in modules.items() if len(found) > 1}
    assert duplicates == {}
