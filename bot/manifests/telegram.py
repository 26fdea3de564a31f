"""Telegram's command menu, one for each language, made from the command table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.commands.table import COMMANDS
from handlers.words import LANGUAGES, Words

Menu = Mapping[str, Sequence[tuple[str, str]]]
"""By language code, "" for everybody else's: names and what they do."""


def menu() -> Menu:
    """Swedish where Telegram knows of no better; the names are the same in every language."""
    return {code: _entries(code or LANGUAGES[0]) for code in ("", *LANGUAGES)}


def _entries(locale: str) -> list[tuple[str, str]]:
    words = Words(locale)
    return [(row.slash, words.say(f"menu.{row.intent}")) for row in COMMANDS if row.slash]
