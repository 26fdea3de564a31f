"""The documentation: its lines are understood, its commands exist, and it builds without a warning."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from datetime import datetime
from importlib.metadata import metadata, version
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from PIL import Image
from typer.main import get_command

from bot.cli.main import build
from handlers.language.reader import read
from tests.fakes.process import ROOT

DOCS = ROOT / "docs"
NOW = datetime.fromisoformat("2026-11-22T09:30")
PAGES = sorted(DOCS.rglob("*.md"))
CHAT = [
    (page.relative_to(DOCS).as_posix(), line)
    for page in PAGES
    for block in re.findall(r"```chatt\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    for line in block.splitlines()
]
COMMANDS = sorted(
    {
        line
        for page in [*PAGES, ROOT / "README.md"]
        for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        for line in re.findall(r"(?:^|exec replica-1 |&& )\s*(handledd [^\n|>#&]+)", block, re.MULTILINE)
    }
    | {
        line
        for page in [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
        for line in re.findall(r"`(handledd [^`\n…]+)`", page.read_text("utf-8"))
    }
)


@pytest.mark.parametrize(("page", "line"), CHAT)
def test_what_a_guide_tells_people_to_write_is_understood(page: str, line: str) -> None:
    command = read(line, NOW)
    assert command.intent not in ("unknown", "ask", "refused"), (page, command)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_line_is_one_that_there_is(line: str) -> None:
    """Down to its options. Those of the README and the guides are run too: tests/acceptance."""
    _, *words = shlex.split(line)
    command = get_command(build(words[0]))
    while words and (nested := getattr(command, "commands", {}).get(words[0])):
        command, words = nested, words[1:]
    assert not words or not hasattr(command, "commands"), f"{line}: {words[:1]}"
    known = {name for each in command.params for name in each.opts}
    assert {word for word in words if word.startswith("--")} <= known | {"--help"}, line


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr  # strict: a warning is an error
    assert (tmp_path / "guider" / "st-lakare" / "index.html").exists()
    pages = {page.parent.name: page.read_text("utf-8") for page in tmp_path.rglob("index.html")}
    spoiled = re.compile(r"<code>(sh|chatt|csv)\s|<p>```")
    assert [name for name, html in pages.items() if spoiled.search(html)] == []  # a block that is none


def test_every_page_is_in_the_menu() -> None:
    told = re.findall(
        r"[\w/-]+\.md", yaml.safe_dump(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])
    )
    assert sorted(told) == [page.relative_to(DOCS).as_posix() for page in PAGES]


SHOWN_BY = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (DOCS / "threat-model.md").read_text("utf-8"))


def test_the_threat_model_has_something_to_show() -> None:
    assert len(SHOWN_BY) >= 20


@pytest.mark.parametrize(("file", "name"), SHOWN_BY)
def test_what_the_threat_model_names_is_there(file: str, name: str) -> None:
    source = (ROOT / file).read_text("utf-8")
    assert re.search(rf"^ *(async )?def {name or 'test_'}", source, re.MULTILINE)


def test_the_recording_moves_is_readable_and_small() -> None:
    file = ROOT / "docs" / "images" / "demo.webp"
    with Image.open(file) as film:
        assert film.n_frames >= 10  # type: ignore[attr-defined]  # of what is animated
        assert film.width >= 1200
    assert file.stat().st_size <= 1_500_000


OLDEST = "3.11.2"
"""Debian 12's: what the README promises is that any 3.11 will do."""


def test_the_oldest_python_that_is_promised_can_install_every_version() -> None:
    """A pin that asks for a later one cannot be installed there, and `make demo` fails."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    here = [metadata(name) for name, pin in pins if version(name) == pin]  # an older environment lags behind
    asked = {one["Name"]: one["Requires-Python"] for one in here if "Requires-Python" in one}
    assert {name: what for name, what in asked.items() if OLDEST not in SpecifierSet(what)} == {}
