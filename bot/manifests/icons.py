"""The mark as PNG pictures, drawn from its strokes: the `h` and the dot of the demo page's `mark.svg`."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise

Colour = tuple[int, int, int]
Point = tuple[float, float]

GREEN: Colour = (0x0F, 0x61, 0x5A)
MINT: Colour = (0x9F, 0xE3, 0xD4)
WHITE: Colour = (0xFF, 0xFF, 0xFF)
SIDE = 32.0
"""The mark is drawn on a field of 32 by 32."""
STROKE = 1.4
DOT: Point = (23.5, 22.8)

_ARCH = [
    (13.75 - 4.75 * math.cos(math.pi * n / 12), 17.6 - 4.75 * math.sin(math.pi * n / 12)) for n in range(13)
]
STROKES: tuple[tuple[Point, ...], ...] = (((9.0, 8.0), (9.0, 24.0)), (*_ARCH, (18.5, 24.0)))


def color() -> bytes:
    """192 by 192: the mark on its green field, which fills the square as Teams asks."""
    return _png(192, lambda x, y: _over(_over((*GREEN, 255), WHITE, _letter(x, y)), MINT, _dot(x, y)))


def outline() -> bytes:
    """32 by 32: the mark in white on nothing."""
    return _png(32, lambda x, y: (*WHITE, round(255 * max(_letter(x, y, 0.2), _dot(x, y)))))


def _letter(x: float, y: float, more: float = 0.0) -> float:
    """How much of the letter is at a point, 0-1."""
    return _edge(STROKE + more - min(_distance(x, y, stroke) for stroke in STROKES))


def _dot(x: float, y: float) -> float:
    return _edge(2.0 - math.dist((x, y), DOT))


def _edge(inside: float) -> float:
    """A soft edge, about half a unit wide."""
    return min(1.0, max(0.0, 0.5 + 2 * inside))


def _distance(x: float, y: float, stroke: tuple[Point, ...]) -> float:
    """From a point to a line of several pieces."""
    return min(_to_piece(x, y, a, b) for a, b in pairwise(stroke))


def _to_piece(x: float, y: float, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    along = ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)
    along = min(1.0, max(0.0, along))
    return math.dist((x, y), (a[0] + along * dx, a[1] + along * dy))


def _over(below: tuple[int, int, int, int], colour: Colour, share: float) -> tuple[int, int, int, int]:
    mixed = [round(old + (new - old) * share) for old, new in zip(below[:3], colour, strict=True)]
    return mixed[0], mixed[1], mixed[2], below[3]


def _png(side: int, at: Callable[[float, float], tuple[int, int, int, int]]) -> bytes:
    """A picture of 8-bit RGBA; `at` gives the colour at a point of the field of 32."""
    scale = SIDE / side
    rows = (
        b"\0" + b"".join(bytes(at((x + 0.5) * scale, (y + 0.5) * scale)) for x in range(side))
        for y in range(side)
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunks(side, b"".join(rows)))


def _chunks(side: int, rows: bytes) -> Iterator[bytes]:
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")):
        yield struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
