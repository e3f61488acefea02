"""The conversion report as CSV (RFC 4180), with a byte order mark so that Excel reads it as UTF-8.

Excel splits at the list separator of its own language and reads numbers with its decimal separator. In French these are
a semicolon and a comma.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bookings.domain.practice.practice import LanguageCode

if TYPE_CHECKING:
    from bookings.domain.reporting.conversion_report import Figures, Report

CONTENT_TYPE = "text/csv; charset=utf-8; header=present"

_SEPARATORS: Mapping[LanguageCode, tuple[str, str]] = {"en": (",", "."), "fr": (";", ",")}
"""Between columns, and before decimals."""

_FORMULA = re.compile(r"^(?=[\t\r\n])|(?:^|(?<=[,;|\t\r\n]))(?=[\s\"]*[=+\-@＝＋－＠])")
"""Where a spreadsheet may read a formula: at the start of a cell, and behind what separates columns in its language.

https://owasp.org/www-community/attacks/CSV_Injection
"""

Cell = str | int | float | None


def report_csv(report: "Report", language: LanguageCode) -> str:
    """A row for each group and a total, for a spreadsheet in this language.

    The names of the columns are the same in all languages. `previous.*` have the figures of the period before.
    """
    rows = [_row(group.key, group.name, group.figures, group.previous, group.requests) for group in report.groups]
    rows.append(_row("", "total", report.totals, report.previous.totals, report.requests))
    period = {"from": report.from_day.isoformat(), "to": report.to_day.isoformat(), "group_by": report.group_by or ""}
    delimiter, decimal = _SEPARATORS[language]
    table = io.StringIO()
    writer = csv.DictWriter(table, [*period, *rows[0]], dialect="excel", delimiter=delimiter)
    writer.writeheader()
    writer.writerows({column: _to_text(cell, decimal) for column, cell in {**period, **row}.items()} for row in rows)
    return f"\ufeff{table.getvalue()}"


def _row(key: str, name: str, figures: "Figures", previous: "Figures", requests: str) -> dict[str, Cell]:
    before = {f"previous.{column}": cell for column, cell in _cells(_figures(previous))}
    return {"key": key, "name": name, **dict(_cells(_figures(figures))), **before, "requests": requests}


def _figures(figures: "Figures") -> Mapping[str, object]:
    """The figures without the histogram buckets, which are for programs."""
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


def _to_text(cell: Cell, decimal: str) -> str:
    """The cell as the spreadsheet reads it. Ids and names come from the PMS, sources from the public form."""
    match cell:
        case None:
            return ""
        case str():
            return _FORMULA.sub("'", cell)
        case _:
            return str(cell).replace(".", decimal)
