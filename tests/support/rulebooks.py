"""The default rulebook with requirements of a test's own, as a unit would get them from a file."""

from __future__ import annotations

from importlib import resources
from types import MappingProxyType

import pytest

from schedules.rules import rulebook
from schedules.rules.rulebook import DEFAULT_RULEBOOK, Rulebook, load_rulebook

_SOURCE = 'source = { document = "Prov", section = "Prov" }'


def asks_also(monkeypatch: pytest.MonkeyPatch, **requirements: str) -> Rulebook:
    """Add requirements, `key="kind = …"` in the rulebooks' TOML, to the default rulebook for one test."""
    text = (resources.files("schedules") / "rulebooks" / f"{DEFAULT_RULEBOOK}.toml").read_text("utf-8")
    known = rulebook.shipped()[DEFAULT_RULEBOOK].requirements
    more = "".join(_requirement(key, body) for key, body in requirements.items() if key not in known)
    made = load_rulebook(text + more, "test.toml")
    books = MappingProxyType({**rulebook.shipped(), DEFAULT_RULEBOOK: made})
    for reader in ("life", "reading"):
        monkeypatch.setattr(f"schedules.lives.{reader}.shipped", lambda: books)
    return made


def _requirement(key: str, body: str) -> str:
    title = f'title = {{ sv = "{key}", en = "{key}" }}'
    return f"\n[requirement.{key}]\n{title}\n{body}\n{_SOURCE}\n"
