"""The picture in pixels: a colour and a sign for each state, so that neither is needed alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from PIL import Image, ImageColor, ImageDraw, ImageFont

from handlers.papers.layout import WIDTH, Cell, Layout, Text

STEPS = 8
"""From a colour to another at the edge of a letter."""
SCALE = 2
"""Pixels to a point: sharp on a telephone."""
PAPER, INK = "#ffffff", "#1b1f24"
COLOURS: Final = {
    "ok": "#2e8b3a",
    "met": "#12344d",
    "soon": "#f6c343",
    "overdue": "#b3261e",
    "paused": "#dfe3e7",
    "not_applicable": "#ffffff",
}
"""The grounds differ in lightness too, for those who see no difference between red and green."""
DARK_SIGNS = ("soon", "paused")

Point = tuple[float, float]
Stroke = Sequence[Point]
_SIGNS: Final[dict[str, Sequence[Stroke]]] = {
    "ok": [[(0.25, 0.52), (0.43, 0.7), (0.76, 0.3)]],  # a tick
    "met": [[(0.5, 0.22), (0.78, 0.5), (0.5, 0.78), (0.22, 0.5), (0.5, 0.22)]],  # a diamond
    "soon": [[(0.5, 0.22), (0.5, 0.52), (0.7, 0.64)]],  # a clock's hands
    "overdue": [[(0.28, 0.28), (0.72, 0.72)], [(0.72, 0.28), (0.28, 0.72)]],  # a cross
    "paused": [[(0.38, 0.28), (0.38, 0.72)], [(0.62, 0.28), (0.62, 0.72)]],  # two bars
}
"""Lines in a square of side 1."""


def draw(of: Layout) -> bytes:
    """A PNG, 780 pixels wide."""
    image = Image.new("RGB", (WIDTH * SCALE, round(of.height * SCALE)), PAPER)
    pen = ImageDraw.Draw(image)
    for text in of.texts:
        _text(pen, text)
    for cell in of.cells:
        _cell(pen, cell)
    out = BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """Every colour there can be: each ground, and the steps from it to what is written on it."""
    pairs = {(COLOURS[state], _ink(state)) for state in COLOURS} | {(PAPER, INK)}
    pairs |= {(PAPER, ground) for ground in COLOURS.values()}  # the rounded corners
    steps = {_between(*pair, step / STEPS) for pair in sorted(pairs) for step in range(STEPS + 1)}
    colours = [part for colour in sorted(steps) for part in colour]
    image = Image.new("P", (1, 1))
    image.putpalette(colours + colours[:3] * (256 - len(steps)))
    return image


def _between(ground: str, ink: str, share: float) -> tuple[int, ...]:
    pairs = zip(ImageColor.getrgb(ground), ImageColor.getrgb(ink), strict=True)
    return tuple(round(a + (b - a) * share) for a, b in pairs)


def _ink(state: str) -> str:
    return INK if state in DARK_SIGNS else PAPER


def _text(pen: ImageDraw.ImageDraw, text: Text) -> None:
    font, room = _font(text.strong), text.room or WIDTH - 4 - text.x
    words = text.words if text.middle else fitted(text.words, room * SCALE, font.getlength)
    anchor = "mm" if text.middle else "lm"
    pen.text((text.x * SCALE, text.y * SCALE), words, fill=INK, font=font, anchor=anchor)


def fitted(words: str, room: float, length: Callable[[str], float]) -> str:
    """The words, cut with an ellipsis where they are longer than the room."""
    if length(words) <= room:
        return words
    kept = bisect_right(range(len(words)), room, lo=1, key=lambda letters: length(f"{words[:letters]}…")) - 1
    return f"{words[:kept].rstrip()}…"


def _cell(pen: ImageDraw.ImageDraw, cell: Cell) -> None:
    x, y, side = cell.x * SCALE, cell.y * SCALE, cell.side * SCALE
    pen.rounded_rectangle((x, y, x + side, y + side), radius=5, fill=COLOURS[cell.mark.state])
    sign = _ink(cell.mark.state)
    if cell.mark.count:
        middle = (x + side / 2, y + side / 2)
        pen.text(middle, str(cell.mark.count), fill=sign, font=_font(strong=True), anchor="mm")
        return
    for stroke in _SIGNS.get(cell.mark.state, ()):
        points = [(x + side * across, y + side * down) for across, down in stroke]
        pen.line(points, fill=sign, width=4, joint="curve")


@lru_cache(maxsize=2)
def _font(strong: bool) -> ImageFont.FreeTypeFont:
    name = "Roboto-Bold.ttf" if strong else "Roboto-Regular.ttf"
    font = files("font_roboto").joinpath("files", name).read_bytes()
    # One layout engine everywhere: the other is used only where a library is found on the machine.
    return ImageFont.truetype(BytesIO(font), 11 * SCALE, layout_engine=ImageFont.Layout.BASIC)
