"""Typesetting: one of our templates (`*.typ`, beside this file) and the facts that it shows, as PDF or PNG.

What people wrote travels as JSON data, never as part of a template, so none of it can be markup. The letters
are Roboto from its package and those that Typst carries; nothing is fetched and no font of the machine used,
so the same facts give the same bytes everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from handlers.words import Words, catalogue

if TYPE_CHECKING:
    import typst

MEDIA_TYPE: Final = "application/pdf"
TEMPLATES: Final = Path(__file__).parent
_LABELS: Final = "paper."
Facts = Mapping[str, Any]
"""What JSON can hold: texts, numbers, lists and further mappings."""


def pdf(template: str, words: Words, facts: Facts, made: datetime) -> bytes:
    """The pages of a template with its facts, as made at an aware moment."""
    return _made(template, words, facts, made, "pdf")


def first_page(template: str, words: Words, facts: Facts, made: datetime, ppi: float = 110) -> bytes:
    """A PNG of the first page, `ppi` pixels to the inch."""
    return _made(template, words, facts, made, "png", ppi)


def _made(
    template: str, words: Words, facts: Facts, made: datetime, kind: typst.OutputFormat, ppi: float = 0
) -> bytes:
    import typst  # here: who only names a paper's facts needs no typesetter

    compiler = typst.Compiler(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=[str(files("font_roboto").joinpath("files"))],
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps({**facts, "say": _labels(words), "lang": words.locale})},
    )
    out = compiler.compile(format=kind, ppi=ppi or None, timestamp=int(made.timestamp()))
    found = out[0] if isinstance(out, list) else out
    return found or b""


def _labels(words: Words) -> dict[str, str]:
    """The fixed texts of all papers in the reader's language, by the key that templates use."""
    known = catalogue(words.locale)
    return {key.removeprefix(_LABELS): text for key, text in known.items() if key.startswith(_LABELS)}
