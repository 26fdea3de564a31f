"""`handledd words check`: is a file of one's own words right?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import fail, print_text, unreadable
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.word_files import VocabularyError

app = typer.Typer(no_args_is_help=True)


@app.callback()
def words() -> None:
    """One's own words."""


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A file of words, .toml.")]) -> None:
    """Check a file of words: every problem names file, key and mend. A word means one thing only."""
    use_words(file)
    print_text(f"{file.name}: ok (set HANDLEDD_WORDS={file} to use it)")


def use_words(file: Path | None) -> None:
    """Understand the words of a file too; a faulty file ends the command, and each of its faults is told."""
    if file is None:
        return
    try:
        vocabulary.use(file)
    except OSError as error:
        unreadable(file, error)
    except VocabularyError as error:
        *others, last = error.faults
        for fault in others:
            sys.stderr.write(f"handledd: {fault}\n")
        fail(last)
