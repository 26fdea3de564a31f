"""Several lines written as one: `handledning mån, tis och tors 1h`, `handledning med Anna och Bilal idag`.

They are saved together or not at all, told by one receipt, and taken back by one `ångra` (decision 0026).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlmodel import Session, select

from handlers import describe, journal
from handlers.access import may_change
from handlers.commands import log, plan, sessions
from handlers.context import Context
from handlers.drafts import Choice, ask_choices, choice_buttons, together
from handlers.language.command import Command
from handlers.message import Button, Reply
from handlers.people import person_of_trainee
from handlers.whose import About, about_whom, say_of
from schedules.standings import refresh
from storage.tables import Absence, Audit, Booking, Entry

NOUN: Final = "several"
_ACT: Final = "saved_together"
_UNDO: Final = {
    "entry": "undo",
    "booking": "unbook",
    "absence": "unaway",
    "away": "unleave",
    NOUN: "unseveral",
}


def ask_days(asked: Command, offered: Sequence[Choice], context: Context) -> Reply:
    """Whether all the days that a line names are meant, or one of them."""
    lines = tuple(choice.command for choice in offered)
    text = context.words.say("ask.every_day", count=len(lines))
    if len({line.intent for line in lines}) > 1:
        text = f"{text} {context.words.say('ask.books_ahead')}"
    return ask_choices(context, text, [together(lines, context), *offered], asked=asked)


def save(
    lines: Sequence[Command], context: Context, chosen: int | None = None, *, anyway: bool = False
) -> Reply:
    """Log or book each line. Of what is there already the answer says so, with a button to add it anyway."""
    abouts = about_each(lines, context, chosen)
    if isinstance(abouts, Reply):
        return abouts
    if early := next((reply for about in abouts if (reply := log.too_early(about, context))), None):
        return early
    there = {at: what for at, about in enumerate(abouts) if not anyway and (what := _there(about, context))}
    again = _again([lines[at] for at in there], chosen, context)
    new = [about for at, about in enumerate(abouts) if at not in there]
    if not new:
        return ask_choices(context, _asks_again(there, abouts, context), again)
    return _saved(new, _each_there(there, abouts), again, context)


def about_each(lines: Sequence[Command], context: Context, chosen: int | None = None) -> list[About] | Reply:
    """Whose training each line is about; the first that is not clear is asked about for all of them."""
    found: list[About] = []
    for line in lines:
        about = about_whom(line, context, chosen, () if found else lines)
        if isinstance(about, Reply):
            return about
        found.append(about)
    return found


def _again(lines: Sequence[Command], chosen: int | None, context: Context) -> list[Choice]:
    """The button that adds what is there already once more; none where there is none such."""
    label = context.words.say("button.again")
    return [Choice(label, lines[0], chosen, anyway=True, lines=tuple(lines))] if lines else []


def _there(about: About, context: Context) -> str | None:
    """In words what is saved or booked of the same kind on the same day."""
    if about.command.intent == "book":
        booked = plan.planned_on(about, context)
        return describe.booking(context.words, booked, context.person_id) if booked else None
    entry = journal.same_day(context.session, about.trainee, about.command)
    return describe.entry(context.words, entry, context.person_id) if entry else None


def _asks_again(there: Mapping[int, str], abouts: Sequence[About], context: Context) -> str:
    what = _each_there(there, abouts)
    if _is_of_one(abouts):
        return say_of("ask.again", abouts[0].trainee.id or 0, context, what=what)
    return context.words.say("ask.again_each", what=what)


def _each_there(there: Mapping[int, str], abouts: Sequence[About]) -> str:
    """All that is there already in words, with whose it is where they are of several."""
    if _is_of_one(abouts):
        return ", ".join(there.values())
    return ", ".join(f"{abouts[at].person.name}: {what}" for at, what in there.items())


def _saved(new: Sequence[About], there: str, again: Sequence[Choice], context: Context) -> Reply:
    booked = _book([about for about in new if about.command.intent == "book"], context)
    logs = [about for about in new if about.command.intent != "book"]
    written = log.write(logs, context)
    saved = [
        *(f"entry:{each.entry.chain_id}" for each in written),
        *dict.fromkeys(f"booking:{row.series_id}" for _, row in booked),
    ]
    subject = as_one(saved, context)
    lines = [
        *(log.line(each, about, context) for each, about in zip(written, logs, strict=True)),
        *(plan.line(row, about, context) for about, row in booked),
        *([context.words.say("receipt.there_already", what=there)] if there else []),
        *(log.standing(written[-1], context) if _is_of_one(new) and written else []),
    ]
    buttons = [undo_button(subject, context), *choice_buttons(context, again)]
    outcome = "logged" if written else "booked"
    return context.reply("\n".join(lines), outcome, buttons=buttons, facts={"subject": subject})


def _is_of_one(abouts: Sequence[About]) -> bool:
    return len({about.trainee.id for about in abouts}) == 1


def _book(abouts: Sequence[About], context: Context) -> list[tuple[About, Booking]]:
    """One series for each trainee, so that it is one thing to take back or move."""
    rows: list[tuple[About, Booking]] = []
    for trainee_id in dict.fromkeys(about.trainee.id or 0 for about in abouts):
        theirs = [about for about in abouts if about.trainee.id == trainee_id]
        laid = plan.lay_each(trainee_id, [about.command for about in theirs], context)
        rows += zip(theirs, laid, strict=True)
        for row in laid:
            sessions.tell_of_booking(row, context)
        refresh(context.session, trainee_id, context.now, "booking")
        on = laid[0].on_date.isoformat()
        context.note("booked", f"booking:{laid[0].id}", on=on, count=len(laid))
    return rows


def as_one(saved: Sequence[str], context: Context) -> str:
    """The one subject of all that was saved."""
    if len(saved) == 1:
        return saved[0]
    subject = f"{NOUN}:{context.inbox_id}"
    context.note(_ACT, subject, parts=",".join(saved))
    return subject


def undo_button(subject: str, context: Context) -> Button:
    """Ångra, of all that a line saved."""
    noun, _, number = subject.partition(":")
    return context.button("undo", _UNDO[noun], int(number))


def parts(session: Session, number: int, by: int) -> list[str]:
    """What a person's message saved together, as subjects ("entry:12")."""
    asked = select(Audit).where(Audit.act == _ACT, Audit.subject == f"{NOUN}:{number}", Audit.actor_id == by)
    found = session.exec(asked).first()
    return str(found.facts["parts"]).split(",") if found else []


def each_of(number: int, context: Context) -> list[tuple[str, int]]:
    """The noun and the number of each thing that was saved together by who writes."""
    found = (part.partition(":") for part in parts(context.session, number, context.person_id))
    return [(noun, int(key)) for noun, _, key in found]


def whose(noun: str, number: int, context: Context) -> str:
    """As in " · med Anna Berg", to who is not the trainee."""
    session = context.session
    row: Entry | Booking | Absence | None = None
    if noun == "absence":
        row = session.get(Absence, number)
    elif noun in ("entry", "booking"):
        row = session.get(Entry, number) if noun == "entry" else session.get(Booking, number)
    if row is None or context.training is not None:
        return ""
    name = person_of_trainee(session, row.trainee_id).name
    return f" · {context.words.say('receipt.with', names=name)}"


def entries(number: int, context: Context) -> list[Entry]:
    """The logs of those that still stand, and that this person may change."""
    every = each_of(number, context)
    found = (journal.live(context.session, key) for noun, key in every if noun == "entry")
    return [entry for entry in found if entry is not None and may_change(context, entry)]


def apart(subjects: Sequence[str], context: Context) -> list[str]:
    """The subjects, those saved together each by itself."""
    every: list[str] = []
    for subject in subjects:
        noun, _, number = subject.partition(":")
        saved = each_of(int(number), context) if noun == NOUN else []
        every += [f"{noun}:{key}" for noun, key in reversed(saved)] or [subject]
    return list(dict.fromkeys(every))
