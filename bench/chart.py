"""The last run as a picture: how much of each bar is used. `python -m bench chart` writes docs/images/performance.png."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

INTO = Path("docs/images/performance.png")
WITHIN, OVER = "#0072B2", "#D55E00"  # Okabe and Ito: told apart by everybody, and one is hatched


def draw(measured: Path) -> Path:
    """One horizontal bar a line, of the share of its bar that it takes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - most runs draw nothing
    from matplotlib.figure import Figure  # noqa: PLC0415

    lines: list[dict[str, Any]] = json.loads(measured.read_text(encoding="utf-8"))[::-1]
    shares = [line["ratio"] / line["bar"] for line in lines]
    figure = Figure(figsize=(9, 0.5 * len(lines) + 1.2), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    names = [line["name"] for line in lines]
    colours = [WITHIN if share <= 1 else OVER for share in shares]
    bars = axes.barh(names, shares, color=colours, hatch=["" if share <= 1 else "//" for share in shares], edgecolor="white")
    axes.bar_label(
        bars,
        [f" {line['ratio']:.2f} of {line['bar']:g}" for line in lines],
        fontsize=8,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )
    axes.axvline(1, color="black", linewidth=1, linestyle="--")
    axes.set_xlim(0, max(1.25, *shares) * 1.15)
    axes.set_xlabel("share of the bar that is used; the dashed line is the bar")
    axes.tick_params(axis="y", labelsize=8)
    INTO.parent.mkdir(exist_ok=True)
    figure.savefig(INTO, metadata={"Software": "Homeward"})
    return INTO
