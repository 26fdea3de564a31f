"""The `handledd` command: each subcommand in a file of its own, imported only when it is run."""

from __future__ import annotations

import errno
import importlib
import io
import sys
from collections.abc import Sequence
from typing import Final

import typer

from bot import collector

COMMANDS: Final = {
    "init": "Write the settings, make the database, say what comes next.",
    "run": "Serve every platform whose settings are present.",
    "demo": "Try everything on a local page with made-up people.",
    "parse": "Show how messages are understood.",
    "manifest": "Print the app manifest that a platform asks for.",
    "roster": "Import, export and check people, units and pairs.",
    "invite": "Make a code that links somebody's account.",
    "install": "Make a link that installs the app in one more workspace.",
    "due": "How everybody stands.",
    "digest": "What somebody's digest would say.",
    "overview": "Write the picture of one's units: trainees by requirements.",
    "paper": "Write a paper: documentation, goals, facts, or a pack.",
    "rules": "List, show and check rulebooks; set a unit's own rules.",
    "settings": "Show and set when a unit's reminders and digests come.",
    "words": "Check a file of one's own words.",
    "simulate": "Play a script on a virtual clock and print every message.",
    "export": "Write a trainee's signed history, for the next unit.",
    "import-export": "Check another unit's history and offer it to its trainee.",
    "key": "Print the public key that others check our histories with.",
    "audit": "Who did or saw what, when; never what was written.",
    "recompute": "Recompute standings after a change from outside.",
    "backup": "Copy the database to a file while the bot runs.",
    "restore": "Check a backup and put it in the database's place.",
    "erase": "Take a person's name and words out; the figures stay.",
    "verify": "Recompute every standing and report any drift.",
    "doctor": "Say what is right, and what to do about the rest.",
}


def build(asked: str | None) -> typer.Typer:
    """The application with all its commands by name; only the one that is asked for is imported."""
    app = typer.Typer(
        name="handledd",
        help="handledd: the supervision daemon for Swedish specialist training.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,  # they can print local variables, and so secrets
    )
    app.callback()(_nothing)
    for name, text in COMMANDS.items():
        if name == asked:
            _add(app, name, text)
        else:
            app.command(name, help=text)(_nothing)
    return app


def _nothing() -> None:
    """Stands in for a command that is only listed."""


def _add(app: typer.Typer, name: str, text: str) -> None:
    """Add a command's module: a group of several commands, or the one command it holds."""
    found: typer.Typer = importlib.import_module(f"bot.cli.{name.replace('-', '_')}").app
    if found.registered_callback:
        app.add_typer(found, name=name, help=text)
        return
    app.command(name, help=text)(found.registered_commands[0].callback or _nothing)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status. Errors are one line on standard error."""
    collector.starting()
    _speak_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    app = build(next((word for word in given if not word.startswith("-")), None))
    collector.working()
    try:
        code = app(given, prog_name="handledd", standalone_mode=False)
        sys.stdout.flush()
    except (typer.Abort, KeyboardInterrupt):
        sys.stderr.write("handledd: stopped\n")
        return 130
    except typer.TyperException as error:
        return _say(error)
    except OSError as error:
        return _unsaid(error)
    return code if isinstance(code, int) else 0


def _speak_utf8() -> None:
    """What is printed is UTF-8 wherever it goes (contracts.md), also where the locale knows ASCII only.

    A stream that was closed before the start (`>&-`) is none to Python: what is said goes nowhere then.
    """
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _unsaid(error: OSError) -> int:
    """There is no room where the answer goes: the rest goes nowhere. Any other is a fault of ours."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        raise error
    sys.stdout = io.StringIO()  # it is flushed once more at the exit
    sys.stderr.write(f"handledd: {error.strerror}: make room, or send it elsewhere\n")
    return 1


def _say(error: typer.TyperException) -> int:
    """One line, not a box of them. Asking for nothing gets the help, and the status of bad usage."""
    text = error.format_message() if hasattr(error, "format_message") else str(error)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(f"{text}\n")
    else:
        asked = getattr(getattr(error, "ctx", None), "command_path", "handledd")
        sys.stderr.write(f"handledd: {' '.join(text.split())} (see {asked} --help)\n")
    return int(getattr(error, "exit_code", 2))
