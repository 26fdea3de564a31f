"""The house's walls: a floor imports only the floors below it, and the time is read in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.acceptance.test_traps import TRAPS

ROOT = Path(__file__).parents[2]
FLOORS = ("storage", "schedules", "handlers", "bot")
"""From the ground up."""
CLOCK = Path("bot/clock.py")
READS_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
SHUNNED = {
    "telegram.ext": "its Application acknowledges before it handles; its JobQueue is one more APScheduler",
    "microsoft_teams.apps": "reads .env when imported, binds every interface, fetches keys in the event loop",
    "botbuilder": "archived",
    "dateparser": "it reads 12/11 as 2012 and a length as a day (docs/decisions/0002)",
}
"""Parts of libraries that are left alone, and why (platforms.md, rows 7, 8, 10, 11)."""


def _files() -> list[Path]:
    return [path.relative_to(ROOT) for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]


def imported(source: str) -> Iterator[str]:
    """Every module a source imports, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def named(source: str) -> Iterator[str]:
    """Every name that a source imports, with the module that it is from."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def climbs(file: Path, source: str) -> list[str]:
    """The imports of a file that lead to a floor above its own."""
    above = FLOORS[FLOORS.index(file.parts[0]) + 1 :]
    return [module for module in imported(source) if module.split(".")[0] in above]


def strays(file: Path, source: str) -> list[str]:
    """What a platform imports beside messages, words and platforms: it knows nothing of the domain."""
    if file.parts[:2] != ("bot", "platforms"):
        return []
    ours = [module for module in imported(source) if module.split(".")[0] in FLOORS]
    known = ("handlers.message", "handlers.words")
    return [m for m in ours if m not in known and not m.startswith("bot.platforms")]


def traps(source: str) -> list[str]:
    """The imports of a source that are shunned."""
    return [
        name for name in named(source) if any(f"{name}.".startswith(f"{shunned}.") for shunned in SHUNNED)
    ]


def clocks(source: str) -> list[str]:
    """The calls in a source that read the time."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    plain = [c for c in calls if isinstance(c, ast.Attribute) and isinstance(c.value, ast.Name)]
    return [f"{c.value.id}.{c.attr}" for c in plain if (c.value.id, c.attr) in READS_TIME]  # type: ignore[attr-defined]


@pytest.mark.parametrize("file", _files(), ids=str)
def test_a_file_imports_only_its_own_floor_and_those_below(file: Path) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    assert climbs(file, source) == []
    assert strays(file, source) == []
    assert traps(source) == []
    assert file == CLOCK or clocks(source) == []


@pytest.mark.parametrize(
    ("file", "source", "found"),
    [
        ("storage/x.py", "import handlers.words", ["handlers.words"]),
        ("schedules/x.py", "def f():\n    from bot.clock import system_clock", ["bot.clock"]),
        ("handlers/x.py", "from bot import clock", ["bot"]),
        ("handlers/x.py", "from schedules import life\nfrom storage import tables", []),
        ("bot/x.py", "import handlers, schedules, storage", []),
    ],
)
def test_a_climbing_import_is_found(file: str, source: str, found: list[str]) -> None:
    assert climbs(Path(file), source) == found


def test_a_platform_that_knows_the_domain_is_found() -> None:
    source = "from handlers.message import Message\nfrom storage.tables import Entry\nimport bot.delivery"
    assert strays(Path("bot/platforms/x.py"), source) == ["storage.tables", "bot.delivery"]


def test_reading_the_time_is_found() -> None:
    assert clocks("from datetime import datetime\ndatetime.now()\ntime.time()\nclock()") == [
        "datetime.now",
        "time.time",
    ]


def rooms(place: str, sources: Mapping[Path, str]) -> dict[str, set[str]]:
    """By room of a place (a file that lies in it, or a folder) the other rooms that it imports."""
    known = {".".join(file.with_suffix("").parts) for file in sources}
    depth = place.count(".") + 1
    found: dict[str, set[str]] = {}
    for file, source in sources.items():
        modules = (_module(name, known) for name in named(source) if name.startswith(f"{place}."))
        room = file.with_suffix("").parts[depth]
        found.setdefault(room, set()).update(
            each.split(".")[depth] for each in modules if each.count(".") >= depth
        )
    return {room: others - {room} for room, others in found.items()}


def _module(name: str, known: set[str]) -> str:
    return name if name in known else name.rpartition(".")[0]


@pytest.mark.parametrize("place", [*FLOORS, "handlers.language"])
def test_no_rooms_of_a_floor_import_each_other_in_a_ring(place: str) -> None:
    inside = tuple(place.split("."))
    files = [file for file in _files() if file.parts[: len(inside)] == inside]
    found = rooms(place, {file: (ROOT / file).read_text("utf-8") for file in files})
    assert len(found) > 12
    TopologicalSorter(found).prepare()


def test_a_ring_is_found() -> None:
    sources = {
        Path("handlers/a/x.py"): "from handlers.b import y",
        Path("handlers/b/y.py"): "from handlers import c",
        Path("handlers/c.py"): "def f():\n    from handlers.a.x import made",
    }
    assert rooms("handlers", sources) == {"a": {"b"}, "b": {"c"}, "c": {"a"}}
    with pytest.raises(CycleError):
        TopologicalSorter(rooms("handlers", sources)).prepare()


def test_a_ring_within_a_room_is_found() -> None:
    sources = {
        Path("handlers/a/b/x.py"): "from handlers.a.c import y",
        Path("handlers/a/c/y.py"): "from handlers.a.b.x import made",
        Path("handlers/a/d.py"): "from handlers.a.b.x import made\nfrom handlers.e import more",
    }
    assert rooms("handlers.a", sources) == {"b": {"c"}, "c": {"b"}, "d": {"b"}}


def test_there_are_files_to_look_at() -> None:
    assert len(_files()) > 80


@pytest.mark.parametrize(
    "source",
    ["from telegram import ext", "import telegram.ext", "def f():\n    import dateparser"],
)
def test_a_shunned_import_is_found(source: str) -> None:
    assert traps(source)
    assert traps("from telegram import Bot\nimport telegram.error") == []


def test_the_guards_against_the_libraries_traps_stand_where_they_are_looked_for() -> None:
    """Known in a moment here: that each is missed when it is taken away takes minutes (test_traps)."""
    assert [trap.name for trap in TRAPS if (ROOT / trap.file).read_text("utf-8").count(trap.guard) != 1] == []


def test_each_migration_follows_the_one_before_it() -> None:
    """Two that were written at the same time merge without a conflict, and then no database can be opened."""
    files = sorted((ROOT / "storage" / "migrations" / "versions").glob("r*_*.py"))
    texts = {file.name[1:5]: file.read_text("utf-8") for file in files}
    assert len(texts) == len(files), "two have one number"
    for before, after in pairwise(texts):
        assert f'\nrevision = "{after}"\ndown_revision = "{before}"\n' in texts[after]
