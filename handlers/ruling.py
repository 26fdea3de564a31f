"""Which rules hold, how each stands and who says so: one message, grouped by the document that says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from handlers import describe
from handlers.context import Context
from handlers.words import Words
from schedules.lives.life import Life
from schedules.lives.shares import assessment_shares, weekly_average
from schedules.rules.requirement import Kind, Requirement, Span
from schedules.rules.rulebook import Rulebook
from schedules.standings import rows_of
from storage.tables import Standing

MOST_CHARACTERS = 4000
"""No platform takes more in one message."""


def rules_text(rulebook: Rulebook, context: Context, life: Life | None = None) -> str:
    """A rulebook in words; with a `life` each requirement also tells how it stands for that trainee."""
    lines = [*_asked(rulebook, context, life), *_rota(context.words, rulebook)]
    return _cut(lines, context.words.say("rules.cut"))


def rules_of_several(books: Sequence[Rulebook], context: Context, cut: str) -> str:
    """Each of some rulebooks, and what they all say of topics only once; `cut` is the text where it ends."""
    words = context.words
    lines = [line for book in books for line in ("", *_asked(book, context))][1:]
    topics = list(dict.fromkeys(line for book in books for line in _rota(words, book)))
    return _cut([*lines, "", *topics], words.say(cut))


def _asked(rulebook: Rulebook, context: Context, life: Life | None = None) -> list[str]:
    """Its title, its requirements by the document that says them, and what the unit has switched off."""
    words = context.words
    rows = _rows(life, context) if life else {}
    asked = [r for r in rulebook.requirements.values() if r.kind is not Kind.TOPIC]
    lines = [words.say("rules.head", title=rulebook.title[words.locale])]
    for document in dict.fromkeys(r.source.document for r in asked):
        lines.append(words.say("rules.source", document=document))
        lines += [_line(r, rows.get(r.key), life, context) for r in asked if r.source.document == document]
    return [*lines, *_off(words, rulebook)]


def _rows(life: Life, context: Context) -> Mapping[str, Standing]:
    """Of several rows about one requirement the most pressing."""
    rows = sorted(
        rows_of(context.session, life.trainee.id or 0),
        key=lambda row: describe.SIGNS.index(row.state),
        reverse=True,
    )
    return {row.requirement: row for row in rows}


def _line(requirement: Requirement, row: Standing | None, life: Life | None, context: Context) -> str:
    words = context.words
    title, said = describe.title(words, requirement), requirement.reason or requirement.source.section
    if row is None or life is None:
        return words.say("rules.line", title=title, source=said)
    how = "; ".join(
        [describe.how(words, requirement, row, context.today), *facts(life, requirement, context)]
    )
    return words.say(
        "rules.line_standing", sign=words.say(f"sign.{row.state}"), title=title, how=how, source=said
    )


def facts(life: Life, requirement: Requirement, context: Context) -> list[str]:
    """What the count alone does not tell: the average length (weekly), who assessed and where."""
    words = context.words
    if requirement.kind is Kind.WEEKLY and (average := weekly_average(life, requirement.activities)):
        return [describe.average(words, average)]
    if not requirement.shows_shares:
        return []
    shares = assessment_shares(context.session, life, requirement.activities)
    return [describe.shares(words, shares)] if shares else []


def _off(words: Words, rulebook: Rulebook) -> list[str]:
    return [
        words.say("rules.off", title=describe.title(words, r), reason=r.reason) for r in rulebook.off.values()
    ]


def _rota(words: Words, rulebook: Rulebook) -> list[str]:
    """The topic rota in one line for each interval."""
    by_span: dict[Span, list[Requirement]] = {}
    for r in rulebook.requirements.values():
        if r.kind is Kind.TOPIC:
            by_span.setdefault(r.every or Span(), []).append(r)
    if not by_span:
        return []
    document = next(iter(by_span.values()))[0].source.document
    lines = [_rota_line(words, span, some) for span, some in by_span.items()]
    return [words.say("rules.rota", document=document), *lines]


def _rota_line(words: Words, span: Span, topics: Iterable[Requirement]) -> str:
    titles = "; ".join(describe.topic(words, r) for r in topics)
    return words.say("rules.rota_line", every=describe.every(words, span), topics=titles)


def _cut(lines: list[str], more: str) -> str:
    """Whole lines only, and a word about what was left out."""
    text = "\n".join(lines)
    while len(text) > MOST_CHARACTERS:
        lines = lines[:-1]
        text = "\n".join([*lines, more])
    return text
