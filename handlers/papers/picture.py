"""The picture of a remit: trainees × requirements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handlers.message import File
from handlers.papers.chart import LEGEND, Mark, Row, chart
from handlers.papers.layout import EDGE, LINE, Cell, Layout, Text, layout, pages, side
from handlers.words import Words
from schedules.digests.figures import Figures


def pictures(words: Words, of: Figures, today: date) -> tuple[File, ...]:
    """The PNGs of what a reader may see, none for an empty remit; several for more than sixty rows."""
    parts = [layout(page, EDGE + 2.5 * LINE) for page in pages(chart(words, of)) if page.rows]
    return tuple(_file(words, of, part, today, n) for n, part in enumerate(parts, 1))


def _file(words: Words, of: Figures, part: Layout, today: date, number: int) -> File:
    from handlers.papers.drawing import draw  # a picture is rare, and its library heavy

    name = words.say("picture.file") + (f"-{number}" if number > 1 else "")
    shows = words.say("picture.shows", head=_head(words, of, today))
    return File(f"{name}.png", draw(framed(words, of, part, today)), "image/png", shows)


def _head(words: Words, of: Figures, today: date) -> str:
    return words.say("picture.head", day=words.dated(today), ok=of.in_step, count=len(of.seen))


def framed(words: Words, of: Figures, part: Layout, today: date) -> Layout:
    """With what it is, of which day, and what the signs mean."""
    title = _head(words, of, today)
    if any(cell.mark.count for cell in part.cells):
        title += words.say("picture.counted")
    texts: list[Text] = [Text(EDGE, EDGE + LINE / 2, title, strong=True)]
    cells: list[Cell] = []
    for place, state in enumerate(LEGEND):
        x = EDGE + place * 74.0
        cells.append(Cell(x, EDGE + LINE + 3, side() - 4, Row(""), -1, Mark(state)))
        texts.append(
            Text(x + side(), EDGE + 1.5 * LINE + 2, words.say(f"picture.{state}"), room=74.0 - side())
        )
    return replace(part, texts=(*texts, *part.texts), cells=(*cells, *part.cells))
