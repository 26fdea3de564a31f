"""Every command in the README and the documentation is run; every target, file and variable exists."""

from __future__ import annotations

import re
import shlex

import pytest

from bot.secret_files import may_have_file
from bot.settings import Settings
from tests.acceptance.house import Home
from tests.fakes.process import ROOT

README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
BLOCKS = re.findall(r"^ *```(\w+)\n(.*?)^ *```", README, re.MULTILINE | re.DOTALL)
INLINE = re.findall(r"`([^`\n]+)`", README)
PAGES = [page.read_text("utf-8") for page in sorted((ROOT / "docs").rglob("*.md"))]
SERVES = frozenset({"run", "demo"})
"""These do not end by themselves: their own tests run them for real."""
OF_A_SERVICE = frozenset({"install"})
"""These need a platform's own settings: tested with it."""
REGISTERED = {"HANDLEDD_TEAMS_CLIENT_ID": "00000000-0000-0000-0000-000000000031"}
"""What docs/platforms/teams.md has one set before."""


def lines(kind: str) -> list[str]:
    """The lines in the fenced blocks of one kind."""
    return [line.strip() for found, text in BLOCKS if found == kind for line in text.splitlines() if line]


def commands(name: str) -> list[str]:
    """Every line and every inline piece that begins with a command's name; without repeats."""
    found = [line for line in (*lines("sh"), *INLINE) if line.split()[0] == name]
    return list(dict.fromkeys(found))


def of_the_pages() -> list[str]:
    """Every command line of ours in the fenced blocks of the documentation; without repeats."""
    blocks = [text for page in PAGES for text in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)]
    found = [
        line.strip() for text in blocks for line in text.splitlines() if line.strip().startswith("handledd ")
    ]
    return [line for line in dict.fromkeys(found) if line not in commands("handledd")]


def said_by_the_readme(line: str) -> str:
    """An example's placeholders filled in: a file of one's own is the one that the test has."""
    return line.replace("FILE", "words.toml")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A folder with the README's own roster and script, imported by the README's own command."""
    made = Home(tmp_path_factory.mktemp("readme"), {})
    (made.folder / "roster.csv").write_text("\n".join(lines("csv")) + "\n", encoding="utf-8")
    script = next(piece for piece in INLINE if piece.startswith('{"at"'))
    (made.folder / "script.jsonl").write_text(script + "\n", encoding="utf-8")
    (made.folder / "words.toml").write_text("", encoding="utf-8")
    done = made.command("roster", "import", "roster.csv")
    assert done.returncode == 0, done.stderr
    assert (
        made.command("backup", "earlier.sqlite").returncode == 0
    )  # the one that docs/deployment.md restores
    return made


def test_there_is_something_to_run() -> None:
    assert len(commands("handledd")) >= 10
    assert {"make demo", "make test"} <= set(commands("make"))


@pytest.mark.parametrize("line", [*commands("handledd"), *of_the_pages()])
def test_a_command_does_what_is_said_of_it(home: Home, line: str) -> None:
    words = shlex.split(said_by_the_readme(line), comments=True)[1:]
    home = Home(home.folder, REGISTERED) if words[:2] == ["manifest", "teams"] else home
    only_helps = not words or words[0] in SERVES | OF_A_SERVICE
    done = home.command(*words[:1], "--help") if only_helps else home.command(*words)
    # doctor's status says whether all is well here, and nothing is set up
    assert done.returncode in ((0, 1) if words[:1] == ["doctor"] else (0,)), done.stderr
    assert done.stdout


@pytest.mark.parametrize("line", commands("make"))
def test_a_target_of_the_readme_is_in_the_makefile(line: str) -> None:
    assert re.search(rf"^{re.escape(line.split()[1])}:", MAKEFILE, re.MULTILINE)


def test_every_variable_is_a_setting() -> None:
    named = set(re.findall(r"HANDLEDD_([A-Z_]+[A-Z])", README))
    files = {f"{name}_FILE".upper() for name in may_have_file(Settings)}
    assert named <= {name.upper() for name in Settings.model_fields} | files


OF_TESTS = ("slack_api_url", "telegram_api_url", "teams_service_url", "teams_login_url", "teams_keys_url")
"""Where the platforms themselves are: nobody but a test or a proxy needs them said."""


@pytest.mark.parametrize("name", [name for name in Settings.model_fields if name not in OF_TESTS])
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`HANDLEDD_{name.upper()}`" in README


def test_every_line_is_one_that_the_tests_know_how_to_check() -> None:
    known = {"make", "handledd", "export", "python3"}
    assert {line.split()[0] for line in lines("sh")} <= known


LINKED = [place for place in re.findall(r"\]\(([^)]+)\)", README) if "://" not in place]
"""The files of the repository that the README links to."""


@pytest.mark.parametrize("place", LINKED)
def test_every_link_leads_somewhere(place: str) -> None:
    assert (ROOT / place).exists()
