"""Bars as SVG, small enough to be read as text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

WIDTH, HEIGHT, EDGE = 720, 220, 40


def bars(file: Path, title: str, values: Sequence[float], labels: Sequence[str] = ()) -> None:
    """One bar for each value, the highest as high as the picture; a label stands under its bar, "" none."""
    most, step = max(values), (WIDTH - EDGE) / len(values)
    drawn = [
        f'<rect x="{EDGE + n * step:.1f}" y="{_top(value, most):.1f}" width="{max(step * 0.8, 0.8):.1f}"'
        f' height="{HEIGHT - EDGE - _top(value, most):.1f}"/>'
        for n, value in enumerate(values)
    ]
    named = [
        f'<text x="{EDGE + (n + 0.4) * step:.1f}" y="{HEIGHT - EDGE + 16}"'
        f' text-anchor="middle">{escape(label)}</text>'
        for n, label in enumerate(labels)
        if label
    ]
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        f' font-size="12" fill="#1d5b79"><title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n'  # a page may be dark
        f'<text x="{EDGE}" y="16">{escape(title)}</text>\n'
        f'<text x="{EDGE - 4}" y="{EDGE + 4}" text-anchor="end">{most:,.0f}</text>\n'
        + "\n".join([*drawn, *named])
        + "\n</svg>\n",
        encoding="utf-8",
    )


def _top(value: float, most: float) -> float:
    return EDGE + (HEIGHT - 2 * EDGE) * (1 - value / most)
