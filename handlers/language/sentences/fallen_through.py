"""A session that did not take place, whatever length it was to have: `inställd handledning 13-14`."""

from __future__ import annotations

from handlers.language.finders.found import Findings
from handlers.language.lexicon.phrases import bits
from handlers.language.lexicon.tokens import Line

_WHY = frozenset(("pga", "då", "eftersom", "för", "på", "men", "because", "due", "since", "but"))

_LOOSE = frozenset(("saknas",))  # `delmål som saknas`
_FORGOTTEN = frozenset(("glömde", "glömt", "forgot"))  # `glömde: handledning igår 1h` is told late


def fell_through(found: Findings) -> bool:
    """`handledning 19/11 13-14 inställd`, `missade handledningen 1h`; but not `1h inställd operation`."""
    marks = found.words.marks
    if not found.line.said & bits(marks["fell_through"], marks["negation"]) or not found.of("activities"):
        return False
    return _is_called_off(found) or _is_denied(found)


def _is_called_off(found: Findings) -> bool:
    """Whether a word for it is of the session: nothing that was not understood stands right beside it."""
    table, moved = found.words.marks["fell_through"], found.words.marks["said_to_move"].first
    line = Line(found.line.tokens)
    for at in line.where(table.bit):
        hit = line.phrase(at, table)
        if (
            hit
            and line.words[at] not in _LOOSE
            and line.words[at] not in moved
            and not (_led(found, at - 1) or _followed(found, hit[1]))
        ):
            return True
    return False


def _led(found: Findings, at: int) -> bool:
    """The patient of `patienten uteblev`."""
    while at >= 0 and _is_small(found, at):
        at -= 1
    return at >= 0 and _is_free(found, at)


def _followed(found: Findings, at: int) -> bool:
    """The operation of `inställd operation`; but a reason may follow, or another clause."""
    tokens = found.line.tokens
    while at < len(tokens) and tokens[at].is_word and tokens[at].word not in _WHY and _is_small(found, at):
        at += 1
    if at >= len(tokens) or tokens[at].word in _WHY or not (tokens[at].is_word or tokens[at].is_number):
        return False
    shortened = tokens[at].word == "p" and found.line.words[at + 1] == "."  # `p.g.a.`
    return _is_free(found, at) and not shortened


def _is_free(found: Findings, at: int) -> bool:
    """Whether nobody understood a token; that of an activity is, also where it was given back."""
    return found.line.taken[at] == "" and not any(act.start <= at < act.end for act in found.of("activities"))


def _is_denied(found: Findings) -> bool:
    """`ingen handledning igår 1h`, `hann inte med handledningen`: a denial right before the activity."""
    table, line = found.words.marks["negation"], Line(found.line.tokens)
    starts = [act.start for act in found.of("activities")]
    denials = (at for at in line.where(table.bit) if line.words[at] not in _FORGOTTEN)
    ends = [hit[1] for at in denials if (hit := line.phrase(at, table))]
    between = (range(end, start) for end in ends for start in starts if end <= start)
    return any(all(_is_small(found, at) for at in gap) for gap in between)


def _is_small(found: Findings, at: int) -> bool:
    token = found.line.tokens[at]
    return token.word in found.words.filler or not (token.is_word or token.is_number)
