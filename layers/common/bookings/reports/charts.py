"""Charts of the report page as SVG, drawn by pygal, without scripts and external fonts or images."""

import sys
from collections.abc import Mapping, Sequence

import pygal
from pygal import PluginImportFixer
from pygal.style import Style

# pygal adds a finder for plugins with an API that Python 3.12 removed and 3.11 warns about. We have no plugins.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PluginImportFixer)]

_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#22302f",
    foreground_strong="#12353a",
    foreground_subtle="#c9d6d5",
    opacity="1",
    opacity_hover="1",
    colors=("#1b8a6b", "#c9562f", "#9aa8a7", "#e3b23c"),
    font_family="Segoe UI, Helvetica, Arial, sans-serif",
    label_font_size=13,
    major_label_font_size=13,
    legend_font_size=13,
    value_font_size=13,
    no_data_font_size=16,
)
WIDE, NARROW = (920, 280), (450, 260)
"""Width and height in pixels."""


def stacked_bars(labels: Sequence[str], series: Mapping[str, Sequence[int]], size: tuple[int, int] = WIDE) -> str:
    """Stacked bars, one per label. About ten labels are shown. Series with zeros only are left out."""
    chart = pygal.StackedBar(**_options(size), show_minor_x_labels=False, truncate_legend=-1)
    chart.x_labels = labels
    chart.x_labels_major = labels[:: max(1, len(labels) // 10)]
    for name, values in series.items():
        if any(values):
            chart.add(name, list(values))
    return _svg(chart)


def bars(values: Mapping[str, float | None], size: tuple[int, int] = NARROW, *, percent: bool = False) -> str:
    """One bar for each name, with its value above it."""
    chart = pygal.Bar(**_options(size), show_legend=False, print_values=True, print_values_position="top")
    if percent:
        chart.value_formatter = lambda value: f"{round(value)} %"
        chart.y_labels = [0, 50, 100]
    chart.x_labels = list(values)
    chart.add("", list(values.values()))
    return _svg(chart)


def horizontal_bars(values: Mapping[str, int], size: tuple[int, int] = NARROW) -> str:
    """Horizontal bars with room for long names, the first on top."""
    options = _options(size) | {"show_minor_y_labels": True, "y_labels_major_count": None, "margin_right": 30}
    chart = pygal.HorizontalBar(**options, show_legend=False, print_values=True, print_values_position="top")
    names = list(values)[::-1]
    chart.x_labels = names
    chart.add("", [values[name] for name in names])
    return _svg(chart)


def _options(size: tuple[int, int]) -> dict[str, object]:
    return {
        "width": size[0],
        "height": size[1],
        "style": _STYLE,
        "js": [],
        "truncate_label": -1,
        "disable_xml_declaration": True,
        "legend_at_bottom": True,
        "legend_box_size": 12,
        "show_y_guides": True,
        "x_label_rotation": 0,
        "include_x_axis": True,
        "margin": 8,
        "spacing": 10,
        "y_labels_major_count": 4,
        "show_minor_y_labels": False,
        "min_scale": 2,
        "max_scale": 5,
        "explicit_size": False,
        "value_formatter": lambda value: f"{value:g}",
    }


def _svg(chart: pygal.graph.graph.Graph) -> str:
    return str(chart.render(is_unicode=True))
