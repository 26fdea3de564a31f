"""A new machine: a clone in an empty folder, an empty HOME, and only Python, make, git and the base system.

`make new-machine` runs it. It is no part of `make test`: it installs everything anew, from the network, and
takes the port that the README names. Nothing of ours is imported here: a new machine has only the clone.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = "http://127.0.0.1:8080"
STARTED_WITHIN = 1200
"""Seconds, for what must be downloaded first; never waited for when all is well."""
BASE = (
    *("sh", "bash", "env", "cat", "cp", "mv", "rm", "ln", "ls", "mkdir", "touch", "chmod", "id", "uname"),
    *(
        "dirname",
        "basename",
        "readlink",
        "realpath",
        "head",
        "tail",
        "cut",
        "sort",
        "tr",
        "wc",
        "date",
        "test",
    ),
    *(
        "true",
        "false",
        "echo",
        "printf",
        "sleep",
        "expr",
        "grep",
        "sed",
        "awk",
        "find",
        "xargs",
        "tar",
        "gzip",
    ),
)
"""What a base system has. Nothing here is Python's, the project's, or a compiler's."""
GIVEN = ("make", "git")
OF_THE_NETWORK = re.compile(r"(?i)(pip|ssl|https?|no|all)_.*|.*_(proxy|ca_bundle|ca_info|cainfo)")
"""How this machine reaches its package index is no part of what is tried."""


@dataclass(frozen=True)
class Machine:
    """The clone, and what a process there sees."""

    clone: Path
    env: Mapping[str, str]

    def run(self, *words: str, seconds: int = 300) -> subprocess.CompletedProcess[str]:
        """A command in the clone, to its end."""
        return subprocess.run(
            words,
            cwd=self.clone,
            env=dict(self.env),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )


def _tools(folder: Path) -> Path:
    """A folder with the only programs there are."""
    folder.mkdir()
    for name in (*BASE, *GIVEN):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    (folder / "python3").symlink_to(python)
    return folder


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Committed work only: what is not in git is not on the new machine."""
    folder = tmp_path_factory.mktemp("new-machine")
    home = folder / "home"
    home.mkdir()
    reached = {name: value for name, value in os.environ.items() if OF_THE_NETWORK.fullmatch(name)}
    env = reached | {"HOME": str(home), "PATH": str(_tools(folder / "bin")), "LANG": "C.UTF-8"}
    clone = folder / "handledd"
    subprocess.run(["git", "clone", "--quiet", "--no-local", str(ROOT), str(clone)], env=env, check=True)
    return Machine(clone, env)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def demo(machine: Machine) -> Iterator[subprocess.Popen[bytes]]:
    """`make demo`, in a group of its own: make and what it starts end together."""
    assert not _answers(f"{PAGE}/healthz"), f"something else answers on {PAGE}: stop it first"
    with (machine.clone.parent / "demo.log").open("wb") as log:
        process = subprocess.Popen(
            ["make", "demo"],
            cwd=machine.clone,
            env=dict(machine.env),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(60)


def _wait_for_the_page(demo: subprocess.Popen[bytes], machine: Machine) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while not _answers(f"{PAGE}/healthz"):
        said = (machine.clone.parent / "demo.log").read_text("utf-8", "replace")
        assert demo.poll() is None, said
        assert time.monotonic() < until, said
        time.sleep(0.5)


def test_the_first_command_of_the_readme_answers_on_its_port(
    machine: Machine, demo: subprocess.Popen[bytes]
) -> None:
    _wait_for_the_page(demo, machine)
    with urllib.request.urlopen(PAGE, timeout=30) as answer:
        assert "handledd" in answer.read().decode("utf-8")


def test_the_second_command_of_the_readme_begins(machine: Machine) -> None:
    told = machine.run("make", "-n", "test")
    assert told.returncode == 0, told.stderr
    assert "-m pytest" in told.stdout


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guider").glob("*.md"))]


def _blocks(page: Path, kind: str) -> list[str]:
    found = re.findall(rf"^ *```{kind}\n(.*?)^ *```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line.strip() for block in found for line in block.splitlines() if line.strip()]


def _commands(page: Path) -> list[list[str]]:
    """What ends by itself: `run` and `demo` serve, and the first is tried above."""
    lines = [
        shlex.split(line.replace("FILE", "words.toml"), comments=True)
        for line in _blocks(page, "sh")
        if line.startswith("handledd ")
    ]
    return [words for words in lines if words[1] not in ("run", "demo")]


def _lay_out(page: Path, folder: Path) -> None:
    """The files that a page has its reader write: the roster it shows, and the README's script and words."""
    script = re.findall(r"`(\{\"at\"[^`\n]+)`", page.read_text("utf-8"))
    for name, held in (("roster.csv", _blocks(page, "csv")), ("script.jsonl", script), ("words.toml", [])):
        (folder / name).write_text("\n".join([*held, ""]), encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if _commands(page)], ids=lambda page: page.stem)
def test_the_commands_of_a_page_do_what_they_say(
    machine: Machine, demo: subprocess.Popen[bytes], tmp_path: Path, page: Path
) -> None:
    """One after the other, on a database of the page's own roster."""
    _wait_for_the_page(demo, machine)  # so that everything is installed
    _lay_out(page, tmp_path)
    env = {**machine.env, "HANDLEDD_DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite'}"}
    program = machine.clone / ".venv" / "bin" / "handledd"
    for words in _commands(page):
        done = subprocess.run(
            [str(program), *words[1:]],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        # doctor's status says whether all is well here, and nothing is set up.
        assert done.returncode in ((0, 1) if words[1] == "doctor" else (0,)), (words, done.stderr)
        assert done.stdout, words


def test_nothing_of_it_needs_more_than_was_given(machine: Machine, demo: subprocess.Popen[bytes]) -> None:
    """HOME holds nothing that the commands rely on, and the clone has not changed."""
    _wait_for_the_page(demo, machine)
    assert machine.run("git", "status", "--porcelain").stdout == ""
