"""What is said to a bot as to a person: a farewell, a sigh, `är du en robot?`. Nothing is saved of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import tomli

from handlers.language.lexicon.normalise import clean

NO: Final = "kept.nothing"
TOOK_PLACE: Final = "unknown.yes"
_FILE: Final = Path(__file__).with_name("small_talk.toml")


def answer_to(text: str, *, in_training: bool = True) -> str | None:
    """The key of the answer to a line that is nothing else; None where it is no small talk."""
    key = _texts().get(" ".join(clean(text).strip(" .!?,…:)(").casefold().split()))
    return "talk.heavy_other" if key == "talk.heavy" and not in_training else key


@cache
def _texts() -> Mapping[str, str]:
    """Read with the first line that is not understood."""
    said = tomli.loads(_FILE.read_text("utf-8"))
    return {line: key for key, lines in said.items() for line in lines}
