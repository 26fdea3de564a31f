"""The command table: one row for each thing one can say, and one for each button one can press.

The same rows feed the help text, Telegram's command menu and the Slack and Teams manifests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from handlers import overtaken
from handlers.commands import (
    agree,
    ask,
    back,
    carry,
    change,
    change_other,
    concern,
    concern_outcome,
    confirm,
    confirm_words,
    duty,
    each_line,
    fill,
    follow_up,
    home,
    kollegier,
    latest,
    leaders,
    links,
    log,
    mute,
    once_more,
    paper,
    place,
    plan,
    privacy,
    prompted,
    rebook,
    remark,
    remit,
    request,
    sessions,
    settle,
    subscribe,
    tell,
    took_place,
    undo,
    who,
    wish,
    written_out,
)
from handlers.commands.called import read_line
from handlers.context import Context, Press, take_apart
from handlers.earlier import written_at
from handlers.language.command import Command
from handlers.language.reader import read
from handlers.message import IncomingKind, Reply

Say = Callable[[Command, Context], Reply]
Pressed = Callable[[Press, Context], Reply]


@dataclass(frozen=True, slots=True)
class Row:
    """A command. `slash` is its ASCII name on platforms with slash commands; None where it has none."""

    intent: str
    run: Say
    slash: str | None = None
    hint: str = ""
    """The Swedish words of a platform's command menu."""


COMMANDS: Final[tuple[Row, ...]] = (
    Row("log", log.run, "handledning", "Spara en handledning: idag 1h etik"),
    Row("book", plan.book, "boka", "Boka nästa: handledning tors 13-14"),
    Row("once_more", once_more.run),
    Row("move", rebook.move),
    Row("cancel", rebook.cancel),
    Row("absence", change_other.be_away, "franvaro", "Frånvaro: semester v52-v1"),
    Row("placement", place.run, "sidotjanst", "Sidotjänstgöring: psykiatri 1/9-31/12 handledare Eva Ek"),
    Row("agreed", agree.run),
    Row("back", back.run, "ater", "Åter i tjänst: 12/1"),
    Row("unit_duty", duty.run, "spur", "Enhetens granskning: 2026-03-12"),
    Row("status", tell.status, "laget", "Hur du ligger till"),  # /status is Slack's own and cannot be had
    Row("history", tell.history, "historik", "Det senaste som är sparat"),
    Row("undo", undo.run, "angra", "Ta tillbaka det senaste"),
    Row("confirm", confirm_words.run),
    Row("dispute", confirm_words.objected),
    Row("change", change.change_latest, "andra", "Ändra det senaste: till 45 min"),
    Row("rules", tell.rules, "regler", "Vad som gäller, och vem som säger det"),
    Row("calendar", subscribe.run, "kalender", "Dina bokningar i din egen kalender"),
    Row("request", request.run),
    Row("setting", wish.run),
    Row("mute", mute.run),
    Row("pairs", tell.status, None, ""),
    Row("overview", leaders.overview, "oversikt", "Hur enheten ligger till"),
    Row("digest", leaders.digest_now, "digest", "Veckans sammanfattning nu"),
    Row("help", lambda _, context: tell.help_text(is_answered, context), "hjalp", "Vad du kan skriva"),
    Row("language", tell.language, "sprak", "Byt språk: engelska"),
    Row("show", leaders.show, "visa", "Hur någon ligger till: Anna"),
    Row("overdue", remit.overdue, "forsenade", "Vilka som väntar på något"),
    Row("unsupervised", remit.unsupervised, "utan_handledare", "Vilka som saknar handledare"),
    Row("statistics", remit.statistics, "statistik", "Varför handledning inte blev av"),
    Row("remind", remit.remind, "paminn", "Påminn ett par: Anna"),
    Row("plan_kollegier", kollegier.run, "kollegier", "Planera kollegier: vilka som står på tur, och dagar"),
    Row("concern", concern.run, "oro", "Oro för en ST-läkare: Anna: missar jourer"),
    Row("carry", carry.run, "ta_med", "Din historik att ta med till nästa enhet"),
    Row("export", paper.export, "export", "Din dokumentation som PDF och Excel"),
    Row(
        "paper",
        paper.run,
        "underlag",
        "Underlag till rapporter och granskning: årsrapport, kollegium Anna, spur",
    ),
    Row("who", who.people),
    Row("privacy", who.reads),
    Row("thanks", tell.thanks),
    Row("link", tell.already_linked, "koppla", "Koppla ditt konto: KOD"),
    Row("roster", tell.roster),
    Row("unlink", links.unlink),
    Row("my_links", links.mine),
    Row("my_data", privacy.my_data),
    Row("forget_me", privacy.forget_me),
    Row("invite", links.invited),
    Row("unlinked", links.unlinked),
    Row("ask", ask.run),
    Row("unknown", tell.unknown),
    Row("refused", tell.refused),
)

PRESSES: Final[Mapping[str, Pressed]] = {
    "pick": ask.picked,
    "undo": undo.pressed,
    "unbook": undo.pressed,
    "unaway": undo.pressed,
    "unplace": undo.pressed,
    "unagree": undo.pressed,
    "unhistory": undo.pressed,
    "unduty": undo.pressed,
    "untraining": undo.pressed,
    "unback": undo.pressed,
    "unleave": undo.pressed,
    "unreturn": undo.pressed,
    "unoff": undo.pressed,
    "unmended": undo.pressed,
    "unseveral": undo.pressed,
    "unmute": undo.pressed,
    "unask": undo.pressed,
    "unremark": undo.pressed,
    "unconcern": undo.pressed,
    "unstep": undo.pressed,
    "watch": concern_outcome.later,
    "arrange": kollegier.arranged,
    "unarrange": undo.pressed,
    "take": carry.taken,
    "leave": carry.left,
    "level": request.answered,
    "decline": request.declined,
    "assess": request.opened,
    "unassess": request.taken_back,
    "skip": latest.skipped,
    "change": fill.change_pressed,
    "keep": change.kept,
    "ok": confirm.confirmed,
    "no": confirm.disputed,
    "every": confirm.every,
    "not": confirm.not_one,
    "hold": settle.held,
    "next": plan.next_pressed,
    "held": sessions.held,
    "other": sessions.held_otherwise,
    "nope": sessions.not_held,
    "cancel": sessions.cancelled,
    "move": sessions.move,
    "log": prompted.log_pressed,
    "booked": prompted.booked_pressed,
    "away": prompted.away_pressed,
    "snooze": prompted.snoozed,
    "fill": fill.log_pressed,
    "forget": privacy.forget_pressed,
    "see": leaders.see,
    "urge": remit.urged,
    "do": lambda press, context: home.pressed(press, run, context),
}

FORMS: Final[Mapping[str, Pressed]] = {"logged": fill.logged, "changed": fill.changed}
"""What is done with a form that was sent, by its press."""

_BY_INTENT: Final[Mapping[str, Row]] = {row.intent: row for row in COMMANDS}


def is_answered(intent: str) -> bool:
    """Whether an understood line gets more than "not yet": the help shows nothing else."""
    return intent in _BY_INTENT


_NEXT_LINES: Final = (remark.read_answer, place.read_answer, concern.read_answer)
"""Who may have asked for the line that comes: the first that did takes it."""


def handle(context: Context) -> Reply:
    """Answer one update from a person we know: exactly one reply, whatever came in."""
    incoming = context.incoming
    if incoming.kind is IncomingKind.PRESS:
        return _pressed(context, PRESSES)
    if incoming.kind is IncomingKind.FORM:
        return _pressed(context, FORMS)
    if incoming.kind is IncomingKind.HOME:
        return home.page(context)
    if incoming.kind is IncomingKind.DELETE:
        return change.message_deleted(context)
    if incoming.kind is IncomingKind.EDIT:
        return change.message_edited(read(incoming.text, written_at(context)), context, _said_anew)
    return _said(read_line(context), context)


def _said(command: Command, context: Context) -> Reply:
    """Answer a line: as the answer to what was asked, if it is one, else as what it says by itself."""
    if done := overtaken.read_late(command, context) or took_place.read_answer(command, context):
        return done
    if press := written_out.press_of(command, context):
        return PRESSES[press.verb](press, context)
    if fill.is_wanted(command, context):
        return fill.log_form(context)
    if told := latest.read_answer(command, context):
        return latest.save(told, context)
    if added := next(filter(None, (take(command, context) for take in _NEXT_LINES)), None):
        return added
    if asked := each_line.read_answer(command, context):
        return asked
    whole = ask.answered(command, context)
    takes = (ask.chosen_in_words, change_other.put_right, follow_up.read_answer)
    done = next(filter(None, (take(whole, context) for take in takes)), None)
    return done or run(whole, context)


def _said_anew(command: Command, context: Context) -> Reply:
    """An edited message that had saved nothing."""
    then = replace(context, said_at=written_at(context))
    return each_line.read_answer(command, then) or run(command, context)


def run(command: Command, context: Context) -> Reply:
    """Run an understood line. What is understood but not built yet says so; it is never a silent nothing."""
    row = _BY_INTENT.get(command.intent)
    reply = row.run(command, context) if row else context.say("refused.not_yet", "unsupported")
    if reply.outcome == "refused":
        context.note("refused", f"inbox:{context.inbox_id}", intent=command.intent)
    return reply


def _pressed(context: Context, presses: Mapping[str, Pressed]) -> Reply:
    press = take_apart(context.incoming.press)
    if press is None or press.verb not in presses:
        return context.say("ask.expired", "stale_button")
    if press.owner != context.person_id:
        context.note("refused_press", f"inbox:{context.inbox_id}", verb=press.verb)
        return context.say("refused.not_yours", "refused")
    return presses[press.verb](press, context)
