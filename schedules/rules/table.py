"""docs/rules.md: each requirement of every rulebook in words; `python -m schedules.rules.table` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from schedules.rules.requirement import Kind, Requirement, Span
from schedules.rules.rulebook import Rulebook, shipped

PAGE = Path("docs/rules.md")
HEAD = """\
# Every rule that is watched

Written by `python -m schedules.rules.table` from `schedules/rulebooks/`. A unit chooses a rulebook and may
override any parameter with a reason: `handledd rules override UNIT KEY PARAM=VALUE --reason TEXT`.
"""
COLUMNS = """\
| requirement | rulebook | kind | what is asked for | for | reminded | source |
|---|---|---|---|---|---|---|"""


def page() -> str:
    """The text of docs/rules.md: one row for each requirement and rulebook, the topic rota once."""
    books = shipped()
    keys = dict.fromkeys(r.key for book in books.values() for r in _own(book))
    rows = [_row(book, book.requirements[key]) for key in keys for book in books.values() if _has(book, key)]
    rota = {r.key: r for book in books.values() for r in book.requirements.values() if r.kind is Kind.TOPIC}
    topics = [f"| {_both(r)} | {parameters(r)} | {_source(r)} |" for r in rota.values()]
    return "\n".join(
        [
            HEAD,
            COLUMNS,
            *rows,
            "\n## The topic rota, in all rulebooks\n",
            "| topic | how often | source |\n|---|---|---|",
            *topics,
            "",
        ]
    )


def parameters(of: Requirement) -> str:
    """A requirement's parameters in English words: "9 per 12 months, at most 2 months between"."""
    return ", ".join(_parameters(of))


def _parameters(of: Requirement) -> Iterator[str]:
    """Every kind says its own; what is not set is not said."""
    if of.kind is Kind.WEEKLY:
        yield f"{of.minutes} minutes a week, excused below {of.excused_below} working days"
    if of.kind is Kind.AGREED:
        yield "as the pair has agreed"
    if of.kind is Kind.RATE:
        yield f"{of.count} per 12 months"
    if of.kind is Kind.TOTAL:
        yield f"{of.count} in all, by {', '.join(f'{f:.0%}' for f in of.fractions)} of the training"
    if of.kind is Kind.TERM:
        yield f"{of.count} a {of.per}" + (" in term" if of.per == "month" else "")
    if of.every is not None:
        yield f"every {words(of.every)}" if of.every != Span() else "every time"
    if of.first_within:
        yield f"the first within {words(of.first_within)}"
    if of.longest_gap:
        yield f"at most {words(of.longest_gap)} between"
    if of.anchor and of.within is not None:
        yield _anchored(of.anchor, of.within)
    yield from _conditions(of)


def _conditions(of: Requirement) -> Iterator[str]:
    if of.placements_too:
        yield f"and {'at' if of.precedes_start else 'of'} every placement's start"
    if of.newcomers_only:
        yield "not asked for afterwards"
    if of.in_term:
        yield "in term"
    if of.service_months:
        yield f"{of.service_months} months in all"
    if of.own_unit_first:
        yield f"{of.own_unit_first[0]}–{of.own_unit_first[1]} months at the own unit first"
    if of.recommended:
        yield f"preferably {', '.join(of.recommended)}"
    if of.arranged_by:
        yield f"arranged by {of.arranged_by}"


def _anchored(anchor: str, within: Span) -> str:
    name = anchor.replace("_", " ")
    if within == Span():
        return f"at {name}"
    if anchor == "training_end":
        return f"at least {words(within)} before {name}"
    return f"within {words(within)} of {name}"


def words(span: Span) -> str:
    """ "3 months and 14 days"."""
    counted = ((span.months, "month"), (span.days, "day"))
    return " and ".join(f"{n} {name}{'s' * (n != 1)}" for n, name in counted if n) or "no time"


def _own(book: Rulebook) -> list[Requirement]:
    return [r for r in book.requirements.values() if r.kind is not Kind.TOPIC]


def _has(book: Rulebook, key: str) -> bool:
    return key in book.requirements


def _row(book: Rulebook, of: Requirement) -> str:
    cells = (
        _both(of),
        book.key,
        of.kind.value,
        "; ".join(filter(None, (parameters(of), (of.note or {}).get("en", "")))),
        of.concerns if of.concerns in ("unit", "supervisor") else ", ".join(of.kinds),
        ", ".join(of.reminds),
        _source(of),
    )
    return f"| {' | '.join(cells)} |"


def _both(of: Requirement) -> str:
    return f"`{of.key}` {of.title['en']} ({of.title['sv']})"


def _source(of: Requirement) -> str:
    return f"{of.source.document}: {of.source.section}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
