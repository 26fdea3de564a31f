"""Rulebook files as they lie: TOML, a document for all of a file's sources, and what a file takes over.

`include = ["skane-sjukhus"]` takes over the requirements of a rulebook that comes along; the file's own
replace those of the same key. A file whose name begins with "_" is only there to be taken over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import tomli

Say = Callable[[str, str], None]
"""Takes the key and the mend of a problem."""


@lru_cache(maxsize=1)
def shipped_texts() -> Mapping[str, str]:
    """The text of every rulebook file that comes along, by its name without ".toml", in order."""
    folder = resources.files("schedules") / "rulebooks"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return MappingProxyType({f.name.removesuffix(".toml"): f.read_text("utf-8") for f in files})


def gather(text: str, say: Say, within: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """A file's tables with everything it includes. None when it is no TOML; `say` hears of each problem."""
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        say("TOML", f"{error}; {_mend_of_toml(str(error))}")
        return None
    own = _with_document(data.get("requirement"), data.pop("document", None))
    included = _included(data.pop("include", []), say, within)
    if included and isinstance(own, dict | None):
        data["requirement"] = {
            **(own or {}),
            **{key: t for key, t in included.items() if key not in (own or {})},
        }
    return data


def _mend_of_toml(error: str) -> str:
    """TOML itself refuses a key that is there twice, and names its line."""
    twice = "twice" in error or "overwrite" in error
    return "a key may stand only once" if twice else "mend the line named"


def _with_document(requirements: object, document: object) -> object:
    """Put the file's document into every source that names none."""
    tables = requirements.values() if isinstance(requirements, dict) else ()
    for table in tables:
        source = table.get("source") if isinstance(table, dict) else None
        if isinstance(source, dict) and document is not None:
            source.setdefault("document", document)
    return requirements


def _included(names: object, say: Say, within: tuple[str, ...]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name in names if isinstance(names, list) else [names]:
        if not isinstance(name, str) or name in within or name not in shipped_texts():
            say("include", f"{name!r} cannot be taken over; use some of {', '.join(shipped_texts())}")
            continue
        data = gather(shipped_texts()[name], say, (*within, name)) or {}
        merged |= data.get("requirement", {})
    return merged
