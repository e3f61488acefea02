"""The report as a spreadsheet opens it: RFC 4180, with a byte order mark, by which Excel knows UTF-8."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bookings.domain.reporting.conversion_report import Figures, Report

CONTENT_TYPE = "text/csv; charset=utf-8; header=present"

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins with one of these may be run as a formula (OWASP, "CSV Injection")."""

Cell = str | int | float | None


def report_csv(report: "Report") -> str:
    """A line for each group and one for all, with the equal period before in the `previous.` columns."""
    lines = [_line(group.key, group.name, group.figures, group.previous, group.requests) for group in report.groups]
    lines.append(_line("", "total", report.totals, report.previous.totals, report.requests))
    period = {"from": report.from_day.isoformat(), "to": report.to_day.isoformat(), "group_by": report.group_by or ""}
    written = io.StringIO()
    writer = csv.DictWriter(written, [*period, *lines[0]], dialect="excel")
    writer.writeheader()
    writer.writerows({name: _harmless(cell) for name, cell in {**period, **line}.items()} for line in lines)
    return f"\ufeff{written.getvalue()}"


def _line(key: str, name: str, figures: "Figures", previous: "Figures", requests: str) -> dict[str, Cell]:
    before = {f"previous.{column}": cell for column, cell in _cells(_figures(previous))}
    return {"key": key, "name": name, **dict(_cells(_figures(figures))), **before, "requests": requests}


def _figures(figures: "Figures") -> Mapping[str, object]:
    """The figures without the buckets, which are for the computer."""
    return figures.model_dump(
        mode="json",
        exclude={"time_to_decision": {"clock": {"buckets"}, "opening_hours": {"buckets"}}},
    )


def _cells(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, Cell]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _cells(value, f"{prefix}{name}.")
        elif value is None or isinstance(value, str | int | float):
            yield prefix + name, value


def _harmless(cell: Cell) -> Cell:
    """The cell as text where a spreadsheet might calculate; ids and names come from a PMS, sources from anybody."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
