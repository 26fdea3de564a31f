"""Handles and addresses: `@lind`, `@anna.berg`, `@"anna berg"`, `anna@region.se`."""

from __future__ import annotations

from handlers.language.lexicon.tokens import Line

_IN_A_HANDLE = "._-"


def handle_at(line: Line, index: int) -> tuple[list[str], int]:
    """`@lind`, `@anna.berg`, `@"anna berg"`, `anna@region.se`."""
    if line.words[index + 1] == '"':
        return _quoted_at(line, index)
    start = index
    while line.glued(start) and start and _in_handle(line, start - 1):
        start -= 1
    end = index + 1
    while line.glued(end) and (_in_handle(line, end) or (line.words[end] == ":" and end > index + 1)):
        end += 1
    while end > index + 1 and not (line.tokens[end - 1].is_word or line.tokens[end - 1].is_number):
        end -= 1
    if end == index + 1:
        return [], index + 1
    line.take(start, end, "people")
    return [line.written(start if start < index else index + 1, end).lower()], end


def address_at(line: Line, index: int) -> int:
    """Where the @ of an e-mail address that begins at `index` stands, or 0."""
    at = index
    while at < len(line.tokens) and _in_handle(line, at) and (at == index or line.glued(at)):
        at += 1
    return at if at > index and line.words[at] == "@" and line.glued(at) else 0


def _in_handle(line: Line, index: int) -> bool:
    token = line.tokens[index]
    return line.free(index) and (token.is_word or token.is_number or token.raw in _IN_A_HANDLE)


def _quoted_at(line: Line, index: int) -> tuple[list[str], int]:
    close = next((at for at in range(index + 2, len(line.tokens)) if line.words[at] == '"'), None)
    if close is None or close == index + 2:
        return [], index + 2
    name = line.written(index + 2, close)
    line.take(index, close + 1, "people")
    return [name.lower()], close + 1
