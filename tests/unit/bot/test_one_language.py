"""Whoever runs the bot reads English: commands, logs, and the reasons that `handledd doctor` tells.

Swedish are what a secretary does with the roster, the demo and its page, and what stands in a chat client.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

BOT = Path(__file__).parents[3] / "bot"
SWEDISH = (
    "cli/roster.py",
    "cli/demo.py",
    "demo/",
    "manifests/",
    "platforms/web",
    "platforms/teams_incoming.py",
)


def _told(file: Path) -> Iterator[str]:
    """Every text of a module but its documentation."""
    tree = ast.parse(file.read_text("utf-8"))
    documented = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and _is_text(node.value)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_what_the_operator_reads_is_english() -> None:
    mixed = [
        f"{file.relative_to(BOT)}: {text}"
        for file in sorted(BOT.rglob("*.py"))
        if not str(file.relative_to(BOT)).startswith(SWEDISH)
        for text in _told(file)
        if re.search("[åäöÅÄÖ]| inte | och ", text)
    ]
    assert mixed == []
