"""The command line. `handledd --help` lists the commands; contracts.md fixes what others build on."""

from bot.cli.main import main

__all__ = ["main"]
