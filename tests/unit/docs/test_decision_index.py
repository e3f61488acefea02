"""The index of the architecture decision records equals the records."""

import re
from pathlib import Path

from deploy.repository_paths import ROOT

DECISIONS = ROOT / "docs/adr"
INDEX = (DECISIONS / "README.md").read_text()
RECORDS = sorted(set(DECISIONS.glob("*.md")) - {DECISIONS / "README.md"})

Row = tuple[int, str, str, str, str]
"""Number, title, file, status and date of a decision."""


def _row_of(record: Path) -> Row:
    """What the heading and the line below it say."""
    found = re.match(r"# (\d+)\. (.+)\n\nStatus: (.+)\. Date: ([0-9-]{10})\.\n", record.read_text())
    assert found, f"{record.name} must begin with its number, title, status and date"
    number, title, status, date = found.groups()
    return int(number), title, record.name, re.sub(r"\[ADR (\d+)\]\([^)]+\)", r"\1", status), date


def _rows() -> list[Row]:
    found = re.findall(r"^\| (\d+) \| \[(.+)\]\((.+)\) \| (.+) \| ([0-9-]{10}) \|$", INDEX, re.MULTILINE)
    return [(int(number), title, name, status, date) for number, title, name, status, date in found]


def test_the_index_has_number_title_status_and_date_of_every_record() -> None:
    assert _rows() == [_row_of(record) for record in RECORDS]


def test_a_record_is_named_by_its_number() -> None:
    for record in RECORDS:
        assert re.fullmatch(rf"{_row_of(record)[0]:04}-[a-z0-9-]+\.md", record.name)


def test_the_index_names_the_numbers_that_were_never_used() -> None:
    numbers = {_row_of(record)[0] for record in RECORDS}
    sentence = INDEX.partition("Numbers are not reused;")[2].partition("were never used")[0]
    named = {
        number
        for first, last in re.findall(r"(\d+)(?: to (\d+))?", sentence)
        for number in range(int(first), int(last or first) + 1)
    }
    assert named == set(range(1, max(numbers))) - numbers


def test_amended_and_superseded_records_say_so_on_both_sides() -> None:
    said = {number: status for number, _, _, status, _ in map(_row_of, RECORDS)}
    for word, passive in (("amends", "amended by"), ("supersedes", "superseded by")):
        active = {(number, int(old)) for number, status in said.items() for old in _numbers_after(word, status)}
        assert active == {(int(new), old) for old, status in said.items() for new in _numbers_after(passive, status)}


def _numbers_after(words: str, status: str) -> list[str]:
    return re.findall(r"\d+", "".join(re.findall(rf"\b{words} ([0-9, and]+)", status)))
