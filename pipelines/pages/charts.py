"""Charts of a report, as SVG that stands in its page: no script, no file beside it, the same bytes for the same figures.

Here: how scores are drawn. Not here: which (`figures`), and the page around them (`report`). Colours are told apart by
people who see few, and in black and white the labels say all that a colour does.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pipelines.shown import shown

Row = dict[str, Any]
#: How a number of points is written.
Points = Callable[[float], str]

#: Okabe and Ito's, which differ in lightness too.
BLUE, GREY, RED, INK = "#0072b2", "#9aa0a6", "#d55e00", "#222222"
_GRID: Final = "#e3e5e8"
STYLE: Final[dict[Any, Any]] = {
    "svg.fonttype": "none", "font.family": "DejaVu Sans", "font.size": 10, "axes.edgecolor": _GRID, "text.color": INK,
    "axes.labelcolor": INK, "xtick.color": "#5f6368", "ytick.color": INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.spines.left": False, "path.simplify": False,
}  # fmt: skip
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_WIDTH, _LEAST, _TO = 6.6, -100, 100
_NAME_AT_MOST: Final = 40


def trend(rows: Sequence[Row], labels: Sequence[str], points: Points, title: str) -> str:
    """Scores of months with their intervals; a month that is not over is hollow. `labels` name the months.

    Nothing of a single month, which is no trend.
    """
    if len(rows) < 2:  # noqa: PLR2004 - two points make a line
        return ""
    with mpl.rc_context({**STYLE, "svg.hashsalt": "trend"}):
        figure, axes = axes_of(2.7)
        at = range(len(rows))
        scores = [row["nps"] for row in rows]
        axes.fill_between(
            at, [row["ci_low"] for row in rows], [row["ci_high"] for row in rows], color=BLUE, alpha=0.15, linewidth=0
        )
        over = [number for number, row in enumerate(rows) if row["is_complete"]]
        axes.plot(over, [scores[number] for number in over], color=BLUE, linewidth=1.8)
        for number, row in enumerate(rows):
            filled = BLUE if row["is_complete"] else "white"
            axes.plot(number, row["nps"], "o", color=BLUE, markersize=4.5, markerfacecolor=filled)
        if over:
            last = scores[over[-1]]
            falls = scores[over[-2:][0]] > last  # then the line is above it, and the label below
            axes.annotate(
                points(last), (over[-1], last), xytext=(0, -9 if falls else 9), textcoords="offset points",
                ha="center", va="top" if falls else "bottom", fontweight="bold", color=BLUE,
            )  # fmt: skip
        targets = [row["target"] for row in rows]
        if any(target is not None for target in targets):
            axes.step(at, [target if target is not None else float("nan") for target in targets], where="mid",
                      color=INK, linewidth=1, linestyle="--")  # fmt: skip
        step = max(1, len(rows) // 8)
        shown = [number for number in at if (len(rows) - 1 - number) % step == 0]
        axes.set_xticks(shown, [labels[number] for number in shown])
        horizontal(axes, points)
        return svg(figure, title)


def dots(rows: Sequence[Row], points: Points, title: str, whole: float | None = None) -> str:
    """Scores of groups with their intervals, the first one on top; those of few answers are grey.

    An arrow stands behind the score of a group that changed by more than chance explains, a small line at its benchmark;
    `whole` is the score of all.
    """
    with mpl.rc_context({**STYLE, "svg.hashsalt": f"dots {title}"}):
        figure, axes = axes_of(0.55 + 0.27 * len(rows))
        for at, row in enumerate(reversed(rows)):
            colour = GREY if row["is_low_sample"] else BLUE
            if row["ci_low"] is not None:
                interval = [row["ci_low"], row["ci_high"]]
                axes.plot(interval, [at, at], color=colour, linewidth=3, alpha=0.4, solid_capstyle="round")
            axes.plot(row["nps"], at, "o", color=colour, markersize=6)
            if row.get("benchmark") is not None:
                axes.plot(row["benchmark"], at, "|", color=INK, markersize=11, markeredgewidth=1.6)
            axes.annotate(
                f"{points(row['nps'])}{_arrow(row)}", (1.01, at), xycoords=("axes fraction", "data"), va="center",
                color=INK if not row["is_low_sample"] else "#5f6368", fontweight="bold" if _arrow(row) else "normal",
            )  # fmt: skip
        if whole is not None:
            axes.axvline(whole, color=INK, linewidth=0.8, linestyle=":")
        axes.set_yticks(range(len(rows)), [plain(row["name"]) for row in reversed(rows)])
        axes.set_ylim(-0.7, len(rows) - 0.3)
        axes.tick_params(axis="y", length=0)
        low = min([*(row["ci_low"] for row in rows if row["ci_low"] is not None), 0])
        high = max([*(row["ci_high"] for row in rows if row["ci_high"] is not None), 0])
        axes.set_xlim(max(_LEAST, low - 5), min(_TO, high + 5))
        axes.grid(axis="x", color=_GRID, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.xaxis.set_major_formatter(lambda value, _: points(value).removesuffix(".0").removesuffix(",0"))
        return svg(figure, title)


def effects(rows: Sequence[Row], points: Points, title: str) -> str:
    """What each group does to the whole, as bars to the right and to the left; nothing where none is.

    Where a row has an `interval`, it is drawn over the bar. Those of few answers are grey.
    """
    if not rows:
        return ""
    with mpl.rc_context({**STYLE, "svg.hashsalt": f"effects {title}"}):
        figure, axes = axes_of(0.45 + 0.27 * len(rows))
        most = max(abs(end) for row in rows for end in (row["effect"], *row.get("interval", ()))) or 1
        for at, row in enumerate(reversed(rows)):
            effect = row["effect"]
            low, high = row.get("interval", (effect, effect))
            colour = GREY if row.get("is_low_sample") else BLUE if effect >= 0 else RED
            axes.barh(at, effect, color=colour, height=0.62)
            if low < high:
                axes.plot([low, high], [at, at], color=INK, linewidth=1.1)
            end = max(effect, high) if effect >= 0 else min(effect, low)
            axes.annotate(points(effect), (end, at), xytext=(4 if effect >= 0 else -4, 0), textcoords="offset points",
                          va="center", ha="left" if effect >= 0 else "right")  # fmt: skip
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(rows)), [plain(row["name"]) for row in reversed(rows)])
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(-1.25 * most, 1.25 * most)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        return svg(figure, title)


def axes_of(height: float) -> tuple[Figure, Axes]:
    """A figure as wide as the page's text."""
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, figure.subplots()


def horizontal(axes: Axes, points: Points) -> None:
    """Scores go up, behind lines of a grid."""
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(lambda value, _: points(value).removesuffix(".0").removesuffix(",0"))
    axes.margins(x=0.03, y=0.18)


def _arrow(row: Row) -> str:
    if not row.get("is_significant"):
        return ""
    return " ▲" if row["change"] > 0 else " ▼"


def plain(name: str) -> str:
    """A name as it is, as far as a chart has room: matplotlib takes what stands between two dollars for a formula."""
    name = shown(name)
    return (name if len(name) <= _NAME_AT_MOST else f"{name[: _NAME_AT_MOST - 1]}…").replace("$", r"\$")


def svg(figure: Figure, title: str) -> str:
    """What stands in the page."""
    text = io.StringIO()
    with warnings.catch_warnings():
        # Whoever looks at the page has letters that the font to measure with has not: of Chinese, say.
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    drawn = text.getvalue()
    drawn = drawn[drawn.index("<svg") :].replace("'DejaVu Sans'", _FONT.replace("'", "&#39;"))
    # The page's style says how wide it is; the ids of its parts would stand in the page as often as there are charts.
    named = rf'<svg role="img" aria-label="{escape(title)}" \1'
    drawn = re.sub(r'<svg ([^>]*?)width="[^"]*" height="[^"]*"', named, drawn, count=1)
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn, flags=re.DOTALL)
    return re.sub(r' id="[A-Za-z2.]+_\d+"', "", drawn)
