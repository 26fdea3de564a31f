"""Telling: where one stands, what is saved, which rules hold, what one can write."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from typing import Final

from handlers import describe, journal, small_talk
from handlers.access import NAMED_PACK
from handlers.commands import away, booked, confirm_words, leaders, training, written_out
from handlers.context import Context
from handlers.language.catalogue import help_lines, nearest_example
from handlers.language.command import BOOKED, ENDS, Command
from handlers.language.lexicon.normalise import clean
from handlers.message import Reply
from handlers.one_duty import duty_line, duty_text
from handlers.people import named, person_of_trainee, roles_of, trainees_of, units_of
from handlers.ruling import rules_of_several, rules_text
from handlers.standing import RECENT, away_lines, one_line, standing_text
from handlers.words import Words
from schedules.concerns import ADDRESSED
from schedules.lives.reading import load, rulebook_of
from storage.tables import Entry, Person, RoleName, Trainee

LATEST = 8
LEADERS = {RoleName.STUDIEREKTOR, RoleName.HEAD, RoleName.CHIEF_DIRECTOR}


def status(command: Command, context: Context) -> Reply:
    """A trainee's own standing; a supervisor's trainees, one line each. What needs doing comes first.

    With a name it is that trainee's, for those who may see it: as `visa` with the name.
    """
    if command.reason == BOOKED and (told := booked.listed(command, context)):
        return told
    if command.people and (names_one(command, context) or _is_of_another(command, context)):
        return leaders.show(command, context)
    trainee = context.training
    if trainee is not None and command.intent != "pairs":
        return context.reply(_own(trainee, command, context), "status")
    theirs = trainees_of(context.session, context.person, context.today)
    if not theirs and trainee is not None:
        return context.reply(_own(trainee, command, context), "status")
    if theirs:
        context.note("list_seen", f"person:{context.person_id}", list="pairs")
        lines = [_theirs(trainee, person, command, context) for trainee, person in theirs]
        lines += [*training.standing_lines(context), *away.status_lines(context)]
        return context.reply("\n".join(lines), "status")
    nobody = context.words.say(_nobody(roles_of(context.session, context.person)))
    return context.reply("\n".join([nobody, *away.status_lines(context)]), "status")


def _own(trainee: Trainee, command: Command, context: Context) -> str:
    if command.reason == ENDS:
        life = load(context.session, trainee.id or 0, context.now)
        return describe.end_of_training(context.words, life.timeline, context.today)
    if command.activity:
        return duty_text(trainee, context.person, command, context)
    return standing_text(trainee, context.person, context)


def _theirs(trainee: Trainee, person: Person, command: Command, context: Context) -> str:
    if command.activity:
        return duty_line(trainee, person, command, context)
    return one_line(trainee, person, context)


def _nobody(roles: Set[str]) -> str:
    """What is said to who has neither a training nor trainees of their own, and what to write instead."""
    if roles & LEADERS:
        return "status.leads"
    return "status.pairs_none" if RoleName.SUPERVISOR in roles else "status.no_training"


def names_one(command: Command, context: Context) -> bool:
    """Whether a line names a trainee within reach; a trainee's own colleagues are in nobody's."""
    return bool(named(leaders.within_reach(context), " ".join(command.people)))


def _is_of_another(command: Command, context: Context) -> bool:
    """Whether it is somebody whom one may not see, and not oneself or one's own unit."""
    units = units_of(context.session, context.person, tuple(LEADERS))
    named_units = any(" ".join(command.people) in unit.name.casefold() for unit in units)
    return context.training is None and not named_units


def _whose(command: Command, context: Context) -> list[int]:
    """Whose entries are listed: one's own, else those of the trainees one supervises, or of the one named."""
    own = context.training
    theirs = [] if own and not command.people else trainees_of(context.session, context.person, context.today)
    if own and not named(theirs, " ".join(command.people)):
        return [own.id or 0]
    wanted = named(theirs, " ".join(command.people)) if command.people else theirs
    return [trainee.id or 0 for trainee, _ in wanted]


def history(command: Command, context: Context) -> Reply:
    """The latest entries that count, newest first, with what the other half said of each."""
    about = _whose(command, context)
    if not about and command.people:
        return leaders.show(command, context)
    own = context.training
    for trainee in (each for each in about if own is None or each != own.id):
        context.note("shown", f"trainee:{trainee}", list="history")
    entries = [entry for trainee in about for entry in journal.latest(context.session, trainee, LATEST)]
    entries = sorted(entries, key=lambda entry: (entry.on_date, entry.id), reverse=True)[:LATEST]
    names = _names(entries, context) if len(about) > 1 else {}
    lines = [_entry_line(entry, names.get(entry.trainee_id), context) for entry in entries]
    lines += away_lines(context, context.today - RECENT) if own and own.id in about else []
    if not lines:
        leads = not about and roles_of(context.session, context.person) & LEADERS
        return context.say("status.leads" if leads else "history.none", "history")
    return context.reply("\n".join([context.words.say("history.head"), *lines]), "history")


def _names(entries: Sequence[Entry], context: Context) -> dict[int, str]:
    """Whose the entries are, of several trainees."""
    whose = {entry.trainee_id for entry in entries}
    return {each: context.called(person_of_trainee(context.session, each)) for each in whose}


def _entry_line(entry: Entry, name: str | None, context: Context) -> str:
    mark = _mark(entry.confirmed_at, entry.disputed_at, context)
    what = describe.entry(context.words, entry, context.person_id)
    return context.words.say("history.line", what=f"{name}: {what}" if name else what, mark=mark)


def _mark(confirmed: object, disputed: object, context: Context) -> str:
    if disputed:
        return context.words.say("history.disputed")
    return context.words.say("history.confirmed") if confirmed else ""


def rules(_command: Command, context: Context) -> Reply:
    """The rulebook that holds, each requirement with how it stands and who says so."""
    own = context.training
    theirs = [own] if own else [t for t, _ in trainees_of(context.session, context.person, context.today)]
    if len(theirs) == 1:
        life = load(context.session, theirs[0].id or 0, context.now)
        return context.reply(rules_text(life.rulebook, context, life), "rules")
    books = [load(context.session, each.id or 0, context.now).rulebook for each in theirs]
    units = units_of(context.session, context.person, tuple(LEADERS))
    books = list(dict.fromkeys(books or map(rulebook_of, units)))
    if not books:
        return context.say("rules.none", "rules")
    has_workbook = {RoleName.STUDIEREKTOR, RoleName.HEAD} & roles_of(context.session, context.person)
    cut = "rules.cut_units" if has_workbook else "rules.cut"
    return context.reply(rules_of_several(books, context, cut), "rules")


def language(command: Command, context: Context) -> Reply:
    """`språk engelska`: everything is said in that language from now on."""
    wanted = _LANGUAGES.get((command.note or "").casefold())
    if wanted is None:
        return context.say("language.ask", "asked")
    context.person.locale = wanted
    context.session.add(context.person)
    context.note("language", f"person:{context.person.id}", locale=wanted)
    return replace(context, words=Words(wanted, context.today)).say("language.set", "language")


_LANGUAGES = {
    "svenska": "sv",
    "swedish": "sv",
    "sv": "sv",
    "engelska": "en",
    "english": "en",
    "en": "en",
}


def help_text(can: Callable[[str], bool], context: Context) -> Reply:
    """What this person can write, with examples that work as they stand; `can` knows the commands."""
    if farewell := small_talk.answer_to(context.incoming.text):  # `hej då`
        return context.say(farewell, "help")
    words, may = context.words, _may(context)
    about = context.incoming.text
    shown = help_lines(
        words.locale, lambda asked: can(asked.intent) and may(asked), leads=_leads(context), about=about
    )
    lines = [f"• {line}" for line in shown]
    return context.reply("\n".join([words.say("help.head"), *lines, words.say("help.foot")]), "help")


_PAIR: Final[Set[str]] = frozenset({RoleName.TRAINEE, RoleName.SUPERVISOR})
_NEAR: Final[Set[str]] = frozenset({RoleName.SUPERVISOR, RoleName.STUDIEREKTOR, RoleName.HEAD})
_FOR: Final[dict[str, Set[str]]] = {
    **dict.fromkeys(("log", "book", "move", "cancel", "absence", "placement", "change", "mute"), _PAIR),
    **dict.fromkeys(("show", "remind", "concern"), _NEAR),
    **dict.fromkeys(("overview", "digest", "overdue", "unsupervised", "statistics"), LEADERS),
    "request": {RoleName.TRAINEE},
    "pairs": {RoleName.SUPERVISOR},
    "invite": {RoleName.STUDIEREKTOR},
    "unlinked": {RoleName.STUDIEREKTOR, RoleName.SECRETARY},
}
"""Whose help shows an example, by what it asks for: nobody is shown what would only be refused."""
EXAMPLE: Final = "anna berg"
"""The trainee of the examples: one writes of a session with her, she writes of one with somebody else."""
_NAMED: Final[Set[str]] = {RoleName.SUPERVISOR, RoleName.STUDIEREKTOR}
_OF_UNITS: Final[dict[str, Set[str]]] = {
    "pack": frozenset(NAMED_PACK),
    "pack anonymous": LEADERS,
}


def _audience(asked: Command) -> Set[str]:
    """The roles that may have what an example asks for; of papers by which one: empty where all may."""
    if asked.intent == "concern" and asked.reason:
        return frozenset(ADDRESSED)  # what becomes of one is decided by who reads it
    if asked.intent == "log" and asked.activity == "supervision" and asked.people:
        return {RoleName.SUPERVISOR if EXAMPLE in asked.people else RoleName.TRAINEE}
    if asked.intent not in ("paper", "export"):
        return _FOR.get(asked.intent, frozenset())
    return _OF_UNITS.get(asked.reason or "", _NAMED if asked.people else {RoleName.TRAINEE})


def _may(context: Context) -> Callable[[Command], bool]:
    """Whether this person may have what an example asks for."""
    roles = _hats(context)

    def may(asked: Command) -> bool:
        audience = _audience(asked)
        return not audience or not audience.isdisjoint(roles)

    return may


def _hats(context: Context) -> Set[str]:
    """What somebody is in the house; whoever is nothing yet is shown everybody's."""
    own: set[str] = {RoleName.TRAINEE} if context.training else set()
    return own | roles_of(context.session, context.person) or _PAIR


def _leads(context: Context) -> bool:
    """Whether the help also shows what one does for others."""
    return bool((LEADERS | {RoleName.SUPERVISOR}) & roles_of(context.session, context.person))


def thanks(_command: Command, context: Context) -> Reply:
    """A thank-you gets a short answer and no more; `yes` may answer the question that came last."""
    return confirm_words.yes(context) or context.say("unknown.thanks", "thanks")


def roster(_command: Command, context: Context) -> Reply:
    """Who supervises whom stands in the roster: nothing is changed here, and this is who can, and how."""
    roles = roles_of(context.session, context.person)
    if RoleName.SECRETARY in roles:
        return context.say("roster.keeps", "nothing")
    return context.say("roster.leads" if RoleName.STUDIEREKTOR in roles else "roster.where", "nothing")


def already_linked(_command: Command, context: Context) -> Reply:
    """`koppla` from somebody who is linked."""
    return context.say("link.already", "linked", name=context.person.name)


def unknown(_command: Command, context: Context) -> Reply:
    """Nothing was recognised: the nearest example, and never the person's own words back."""
    if answered := confirm_words.yes(context) or confirm_words.every(context):
        return answered
    text = context.incoming.text
    if not clean(text).strip():
        return context.say("unknown.empty", "unknown")
    answer = small_talk.answer_to(text, in_training=context.training is not None)
    if answer == small_talk.NO and (disputed := confirm_words.no(context)):
        return disputed
    if answer == small_talk.TOOK_PLACE and not written_out.is_asked(context):
        return confirm_words.listed(context)
    if answer:
        return context.say(answer, "unknown")
    key = "unknown.command" if text.lstrip().startswith("/") else "unknown.line"
    example = nearest_example(text, context.words.locale, _may(context), leads=_leads(context))
    return context.say(key, "unknown", example=example)


def refused(command: Command, context: Context) -> Reply:
    """An identity number, or far too much: why nothing was saved, and what to do instead."""
    return context.say(f"refused.{command.reason}", "refused")
