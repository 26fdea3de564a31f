"""Logging: what took place is saved, receipted, and the other half is asked whether it is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers import describe, journal
from handlers.commands import training
from handlers.context import Context
from handlers.drafts import Choice, ask_choices
from handlers.journal import Written
from handlers.language.command import Command
from handlers.language.reader import read
from handlers.language.sentences.session import NIGHT_ENDS
from handlers.message import Reply
from handlers.stays import confirmer
from handlers.whose import About, about_whom, say_of
from handlers.words import Words
from schedules.calendar import DAY
from schedules.keeping import Kept
from schedules.kinds.rate import YEAR
from schedules.lives.life import Life
from schedules.lives.weeks import last_missed_week
from schedules.rota import topics_for
from schedules.rules.requirement import Kind, Requirement
from storage.tables import Entry, Person


def run(command: Command, context: Context, chosen: int | None = None, *, anyway: bool = False) -> Reply:
    """Log a line, or ask the one thing that is missing."""
    if training.is_own(command, context):
        return training.run(command, context)
    about = about_whom(command, context, chosen)
    if isinstance(about, Reply):
        return about
    return too_early(about, context) or (None if anyway else _twice(about, context)) or _save(about, context)


def too_early(about: About, context: Context) -> Reply | None:
    """A log before the training began is a slip of the date: ask, with nothing guessed."""
    if about.command.date and about.command.date < about.trainee.starts_on:
        day = context.words.dated(about.trainee.starts_on)
        return context.say("ask.too_early", "asked", day=day)
    return None


def _twice(about: About, context: Context) -> Reply | None:
    """The same pair, kind and day again: perhaps both halves wrote it. Ask before it counts twice."""
    there = journal.same_day(context.session, about.trainee, about.command)
    if there is None:
        return None
    what = describe.entry(context.words, there, context.person_id)
    question = say_of("ask.again", there.trainee_id, context, what=what)
    label = context.words.say("button.again")
    return ask_choices(context, question, [Choice(label, about.command, about.trainee.id, anyway=True)])


def _save(about: About, context: Context) -> Reply:
    (written,) = write([about], context)
    return receipt(_saved_for(about, context), written, about, context, "logged")


def write(abouts: Sequence[About], context: Context) -> list[Written]:
    """Write an entry for each line, and ask the other half. The first carries the message's id, so that it
    has one effect.
    """
    ids = [context.inbox_id, *[None] * len(abouts)]
    written = [_write(about, inbox_id, context) for about, inbox_id in zip(abouts, ids, strict=False)]
    ask_other_half([(each, about.person) for each, about in zip(written, abouts, strict=True)], context)
    return written


def _write(about: About, inbox_id: int | None, context: Context) -> Written:
    session, person, now = context.session, context.person, context.now
    written = journal.add(session, about.trainee, about.command, person, inbox_id, now)
    entry = written.entry
    subject = f"entry:{entry.chain_id}"
    context.note("logged", subject, activity=entry.activity, on=entry.on_date.isoformat())
    return written


def _saved_for(about: About, context: Context) -> str:
    return "receipt.logged" if about.person.id == context.person.id else "receipt.for_trainee"


def line(written: Written, about: About, context: Context, key: str = "") -> str:
    """The first line of a receipt: what was saved, and for whom."""
    what = describe.entry(context.words, written.entry, context.person_id)
    return context.words.say(key or _saved_for(about, context), what=what, name=context.called(about.person))


def standing(written: Written, context: Context) -> list[str]:
    """How it now stands, and what is next."""
    entry, life = written.entry, written.life
    return [*_standing_lines(written, context), *_rota(life, entry, context), *_next(life, entry, context)]


def ask_other_half(saved: Sequence[tuple[Written, Person]], context: Context) -> None:
    """Ask the half of each pair that did not write, once about all of theirs that was saved together. Nobody
    to ask is fine: it stays unconfirmed.
    """
    asked: dict[tuple[int, int], list[Entry]] = {}
    for written, trainee in saved:
        if (other := _other_half(written, trainee, context)) is not None:
            asked.setdefault((other, written.entry.trainee_id), []).append(written.entry)
    for (other, _), entries in asked.items():
        journal.ask_confirmation(context.session, entries, other, context.now, context.zone)


def _other_half(written: Written, trainee: Person, context: Context) -> int | None:
    own = trainee.id == context.person.id
    return confirmer(written.life.pairs, written.entry.on_date, context.today) if own else trainee.id


def receipt(
    key: str, written: Written, about: About, context: Context, outcome: str, *, replace: bool = False
) -> Reply:
    """What was saved, how it now stands, what is next; with Ångra, Ändra and Boka nästa."""
    entry, life = written.entry, written.life
    lines = [
        line(written, about, context, key),
        *_night(about.command, context),
        *standing(written, context),
    ]
    chain = entry.chain_id or 0
    buttons = [context.button("undo", "undo", chain), context.button("change", "change", chain)]
    if entry.activity == "supervision" and not _booked(life, context.today):
        buttons.append(context.button("book_next", "next", chain))
    facts = {"subject": f"entry:{chain}"}
    return context.reply("\n".join(lines), outcome, buttons=buttons, facts=facts, replace=replace)


def _rota(life: Life, entry: Entry, context: Context) -> list[str]:
    """What the topic rota says is time to bring up, after a session of supervision."""
    if entry.activity != "supervision":
        return []
    due = topics_for(context.session, life, context.today)
    topics = ", ".join(describe.topic(context.words, requirement) for requirement in due)
    return [context.words.say("receipt.rota", topics=topics)] if topics else []


def _night(command: Command, context: Context) -> list[str]:
    """Without a date, between midnight and four, the day before is meant: the answer says so.

    Who writes "idag" then is taken at their word, and told how to mean the evening that has just passed.
    """
    words, eve = context.words, context.today - DAY
    if command.by_night and command.date:
        return [words.say("receipt.after_midnight", day=words.dated(command.date))]
    if context.said_at.hour < NIGHT_ENDS and command.date == context.today and _says_today(context):
        return [words.say("receipt.today_by_night", day=words.dated(context.today), eve=words.dated(eve))]
    return []


def _says_today(context: Context) -> bool:
    """Whether the line has another date when read a day earlier: it says "idag", not 24/11."""
    eve = context.said_at - DAY
    return read(context.incoming.text, eve).date == eve.date()


def _standing_lines(written: Written, context: Context) -> list[str]:
    entry, life, activity = written.entry, written.life, written.entry.activity
    met = [r for r in life.rulebook.requirements.values() if activity in r.activities]
    rows = _rows_met(written)
    told = [
        (each, _standing_line(each, rows[each.key], life, entry, context))
        for each in sorted(met, key=lambda each: each.key != activity)
        if each.key in rows
    ]
    return _in_one_line(context.words, [(each, line) for each, line in told if line])


def _rows_met(written: Written) -> dict[str, Kept]:
    """By requirement: the one row that there is, or of those for each placement the one just met."""
    on = written.entry.end_date or written.entry.on_date
    told = [row for row in written.rows if not row.occasion or row.last_on == on]
    return {row.requirement: row for row in sorted(told, key=lambda row: row.occasion, reverse=True)}


def _in_one_line(words: Words, told: list[tuple[Requirement, str]]) -> list[str]:
    """Its own requirement first; another that it counts for besides is named (an annual report, say)."""
    own, others = told[:1], told[1:]
    parts = [*(line for _, line in own), *(f"{describe.title(words, each)}: {line}" for each, line in others)]
    return [" ".join(parts)] if parts else []


def _standing_line(requirement: Requirement, row: Kept, life: Life, entry: Entry, context: Context) -> str:
    words = context.words
    if requirement.kind is Kind.WEEKLY:
        return _week_line(requirement, life, entry, context)
    if row.due_on is None:
        return words.say("standing.once") if row.state == "met" else ""
    following = _following(requirement, row, row.due_on, words)
    if requirement.kind is Kind.RATE:
        return f"{_rate_line(requirement, row, life, words)} {following}"
    if requirement.kind is Kind.TOTAL:
        return f"{words.say('standing.total', done=row.done, required=requirement.count)} {following}"
    return following


def _following(requirement: Requirement, row: Kept, due: date, words: Words) -> str:
    """When the next one is due; what waits still, though this was saved, is not told as yet to come."""
    if row.state == "overdue":
        return words.say("standing.next_waits", day=words.dated(due))
    return words.say("standing.interval", day=words.dated(describe.last_in_time(requirement, due)))


def _rate_line(requirement: Requirement, row: Kept, life: Life, words: Words) -> str:
    """So many in a year; while the clock has run for less, since when it counts: what was before does not."""
    timeline, today = life.timeline_of(requirement), life.local.date()
    start, figures = timeline.clock_start, {"done": row.done, "required": requirement.count}
    if start > timeline.starts_on and timeline.active_days(start, today) < YEAR:
        return words.say("standing.rate_before", start=words.dated(start), **figures)
    return words.say("standing.rate", **figures)


def _week_line(requirement: Requirement, life: Life, entry: Entry, context: Context) -> str:
    words = context.words
    line = words.say("standing.week_done", week=words.week(entry.on_date))
    missed = last_missed_week(life, requirement, entry.on_date)
    return f"{line} {words.say('standing.week_missed', week=words.week(missed))}" if missed else line


def _booked(life: Life, today: date) -> bool:
    """Whether it is known when they meet next; after the end of the training nothing is to be."""
    coming = (b for b in life.bookings if b.activity == "supervision" and b.on > today)
    return describe.is_over(life.timeline, today) or any(coming)


def _next(life: Life, entry: Entry, context: Context) -> list[str]:
    if entry.activity != "supervision" or _booked(life, context.today):
        return []
    return [context.words.say("receipt.next_time")]
