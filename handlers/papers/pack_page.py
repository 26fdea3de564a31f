"""A unit's pack as a paper and as sheets, named or anonymous."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from handlers.papers.draft_figures import hours
from handlers.papers.pack import TRAINED, Kind, Pack, Row, Supervisor, large
from handlers.papers.record import day, span
from handlers.papers.table import Column, Sheet, Value, sheet
from handlers.papers.typeset import Facts
from handlers.words import Words
from schedules.digests.missed import FEWEST
from schedules.duties import is_open
from schedules.lives.reading import rulebook_of
from schedules.lives.weeks import Served
from schedules.zone import to_local
from storage.tables import UnitDuty

Figure = tuple[str, Value]


def pack_page(words: Words, of: Pack, now: datetime, *, anonymous: bool) -> Facts:
    """What the template `pack` shows."""
    local = to_local(now, of.unit.timezone)
    hidden = anonymous and of.few
    return {
        "title": words.say("paper.pack"),
        "short": of.unit.name,
        "mark": words.say("paper.anonymous" if anonymous else "paper.named"),
        "made": words.say("paper.pack_made", day=day(words, local.date()), at=words.clock(local)),
        "about": _about(words, of, hidden=hidden),
        "few": words.say("paper.few", fewest=FEWEST) if hidden else "",
        "hides": words.say("paper.hides", fewest=FEWEST) if anonymous and not of.few else "",
        "figures": [(label, str(value)) for label, value in _figures(words, of, anonymous=anonymous)],
        "instruments": _kinds(words, _shown(of.instruments, anonymous, hidden), instrument=True),
        "assessors": [] if anonymous else _kinds(words, of.assessors, instrument=False),
        "trainees": [] if anonymous else [_row(words, row) for row in of.rows],
        "supervisors": []
        if anonymous
        else [(each.name, str(each.trainees), day(words, each.trained_on)) for each in of.supervisors],
        "reviews": [
            [day(words, on), what, "" if anonymous else finding, state]
            for on, what, finding, state in _reviews(words, of)
        ],
    }


def pack_sheets(words: Words, of: Pack, *, anonymous: bool) -> tuple[Sheet, ...]:
    """The same as sheets."""
    hidden = anonymous and of.few
    figures: tuple[Column[Figure], ...] = (
        ("figure", lambda each: each[0]),
        ("value", lambda each: each[1]),
    )
    shown = list(_figures(words, of, anonymous=anonymous))
    shown += [(words.say("paper.why"), words.say("paper.few", fewest=FEWEST))] if hidden else []
    kinds: tuple[Column[Kind], ...] = (
        ("instrument", lambda kind: _instrument(words, kind.name, anonymous=anonymous)),
        ("done", lambda kind: kind.count),
    )
    reviews: tuple[Column[tuple[date, str, str, str]], ...] = (
        ("from_on", lambda each: each[0]),
        ("activity", lambda each: each[1]),
        ("finding", lambda each: None if anonymous else each[2]),
        ("state", lambda each: each[3]),
    )
    return (
        sheet(words, "unit", figures, shown),
        sheet(words, "instruments", kinds, _shown(of.instruments, anonymous, hidden)),
        sheet(words, "reviews", reviews, _reviews(words, of)),
        *(() if anonymous else _named(words, of)),
    )


def _about(words: Words, of: Pack, *, hidden: bool) -> list[Figure]:
    rulebook = rulebook_of(of.unit)
    count = words.say("paper.fewer", fewest=FEWEST) if hidden else str(len(of.rows))
    return [
        (words.say("column.unit"), of.unit.name),
        (words.say("paper.rulebook"), rulebook.title.get(words.locale) or rulebook.title["sv"]),
        (words.say("paper.period"), span(words, of.period.first, of.period.last)),
        (words.say("paper.trainees"), count),
    ]


def _figures(words: Words, of: Pack, *, anonymous: bool) -> Iterable[Figure]:
    """Labels and values; what is about too few trainees is not among them."""
    if not (anonymous and of.few):
        yield from _of_trainees(words, of, anonymous=anonymous)
        yield from _of_people(words, of, anonymous=anonymous)
    yield words.say("paper.reviews_count"), len(of.reviews)
    yield words.say("paper.open_findings"), sum(is_open(each) for each in of.reviews)


def _is_telling(done: int, count: int) -> bool:
    """Whether those of whom something is true, or the others, are too few to be counted without names."""
    return any(0 < few < FEWEST for few in (done, count - done))


def _of_trainees(words: Words, of: Pack, *, anonymous: bool) -> Iterable[Figure]:
    assessed = of.total(lambda row: row.assessments)
    if of.weeks and of.weeks.of:
        yield words.say("paper.weeks"), _share(words, of.weeks)
    yield words.say("paper.hours"), hours(of.total(lambda row: row.minutes))
    yield words.say("paper.sessions"), of.total(lambda row: row.sessions)
    yield words.say("paper.assessments"), assessed
    yield words.say("paper.by_main"), _of(words, of.by_main, assessed)
    yield words.say("paper.iup_revisions"), of.total(lambda row: row.iup_revisions)
    if not (anonymous and _is_telling(of.total(lambda row: row.kollegier > 0), len(of.rows))):
        yield words.say("paper.kollegier"), of.total(lambda row: row.kollegier)  # mostly one each


def _of_people(words: Words, of: Pack, *, anonymous: bool) -> Iterable[Figure]:
    """How many people something is true of. Without names, not where few are or few are not."""
    trained = sum(
        each.trained_on is not None and of.period.last - each.trained_on <= TRAINED for each in of.supervisors
    )
    counted = (
        ("had_kollegium", of.total(lambda row: row.kollegier > 0), len(of.rows)),
        ("introduced", of.total(lambda row: row.introduced_on is not None), len(of.rows)),
        ("trained", trained, len(of.supervisors)),
    )
    for key, done, count in counted:
        told = anonymous and _is_telling(done, count)
        yield words.say(f"paper.{key}"), words.say("paper.untold") if told else _of(words, done, count)


def _of(words: Words, done: int, count: int) -> str:
    return words.say("paper.of", done=done, count=count)


def _share(words: Words, of: Served) -> str:
    return words.say("paper.share", done=of.weeks, count=of.of, percent=round(100 * of.weeks / of.of))


def _shown(kinds: Sequence[Kind], anonymous: bool, hidden: bool) -> Sequence[Kind]:
    if hidden:
        return ()
    return large(kinds) if anonymous else kinds


def _kinds(words: Words, kinds: Iterable[Kind], *, instrument: bool) -> list[list[str]]:
    if instrument:
        return [
            [_instrument(words, kind.name, anonymous=kind.trainees == 0), str(kind.count)] for kind in kinds
        ]
    return [[kind.name or words.say("paper.not_told"), str(kind.count)] for kind in kinds]


def _instrument(words: Words, key: str, *, anonymous: bool) -> str:
    if key:
        return words.name("instrument", key)
    return words.say("paper.others" if anonymous else "paper.unnamed")


def _row(words: Words, of: Row) -> list[str]:
    weeks = _share(words, of.weeks) if of.weeks and of.weeks.of else words.say("paper.none")
    counts = (of.assessments, of.iup_revisions, of.kollegier)
    introduced = day(words, of.introduced_on) or words.say("paper.none")
    return [of.name, of.main, weeks, hours(of.minutes), *map(str, counts), introduced]


def _reviews(words: Words, of: Pack) -> list[tuple[date, str, str, str]]:
    return [
        (row.done_on, words.name("duty_name", row.duty), row.finding or "", _state(words, row))
        for row in of.reviews
    ]


def _state(words: Words, of: UnitDuty) -> str:
    if not of.finding:
        return words.say("paper.no_finding")
    return words.say("paper.open" if is_open(of) else "paper.mended")


def _named(words: Words, of: Pack) -> tuple[Sheet, ...]:
    trainees: tuple[Column[Row], ...] = (
        ("trainee", lambda row: row.name),
        ("main", lambda row: row.main),
        ("weeks_served", lambda row: row.weeks.weeks if row.weeks else None),
        ("weeks_asked", lambda row: row.weeks.of if row.weeks else None),
        ("minutes", lambda row: row.minutes),
        ("supervisions", lambda row: row.sessions),
        ("assessments", lambda row: row.assessments),
        ("iup_revisions", lambda row: row.iup_revisions),
        ("kollegier", lambda row: row.kollegier),
        ("introduced_on", lambda row: row.introduced_on),
    )
    assessors: tuple[Column[Kind], ...] = (
        ("assessor", lambda kind: kind.name or words.say("paper.not_told")),
        ("done", lambda kind: kind.count),
    )
    supervisors: tuple[Column[Supervisor], ...] = (
        ("main", lambda each: each.name),
        ("trainees", lambda each: each.trainees),
        ("trained_on", lambda each: each.trained_on),
    )
    return (
        sheet(words, "trainees", trainees, of.rows),
        sheet(words, "assessors", assessors, of.assessors),
        sheet(words, "supervisors", supervisors, of.supervisors),
    )
