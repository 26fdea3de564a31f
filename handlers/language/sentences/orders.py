"""Commands: `status`, `ändra till 45 min`, `visa anna berg`, `koppla K7F2`, `hur ligger jag till?`."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from handlers.language.command import BOOKED, ENDS, THEIRS, Command
from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import before_politeness, names_in
from handlers.language.finders.matches import Match
from handlers.language.lexicon.phrases import bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary
from handlers.language.sentences.changing import corrected
from handlers.language.sentences.concerns import told
from handlers.language.sentences.confirming import confirms
from handlers.language.sentences.fitting import MOST_AROUND, SOFT, fits, free_words, said_right, tells
from handlers.language.sentences.inquiries import asked_about, inquiry, possessive, whose
from handlers.language.sentences.moves import of_a_booking
from handlers.language.sentences.taking_back import taken_back
from handlers.language.settling.settle import settle

_NAMED = ("show", "remind")  # need a person
# Understood also in the middle of a sentence: `kan jag få en export`.
_ANYWHERE = frozenset(
    {
        "status",
        "history",
        "rules",
        "export",
        "calendar",
        "overview",
        "overdue",
        "unsupervised",
        "statistics",
        "digest",
        "my_data",
        "forget_me",
        "help",
        "undo",
        "roster",
    }
)


def order(found: Findings) -> Command | None:
    """The command a line gives, or None when it tells something."""
    if not found.line.said & _openers(found.words):
        return None
    chosen = _chosen(found)
    if chosen is None:
        return inquiry(found)
    if chosen.key in SOFT and not _asks_how(found, chosen):
        if not tells(found):
            return Command(chosen.key)
        _take_greeting(found, chosen)
        return inquiry(found)
    return _carried_out(found, chosen)


@lru_cache(KEPT)
def _openers(words: Vocabulary) -> int:
    """What a command or a question begins with."""
    return bits(words.table("commands"), words.marks["asking"])


def _chosen(found: Findings) -> Match | None:
    commands = found.of("commands")
    if not commands:
        return None
    small = _small_before(found)
    first = [match for match in commands if match.start <= small and fits(found, match)]
    if how := next((match for match in first if _asks_the_way(found, match)), None):
        return how
    firm = next((match for match in first if match.key not in SOFT), None)
    if firm and firm.key == "show" and (shown := _shown(found, firm)):
        return shown
    if firm and firm.key in ("undo", "dispute") and (said := said_right(found, firm)):
        return said
    if firm:
        return max((match for match in first if match.start == firm.start), key=lambda match: match.end)
    if first and not (len(commands) > len(first) and not tells(found)):
        return first[0]
    within = [match for match in commands if match.key in _ANYWHERE and fits(found, match)]
    few = len(free_words(found)) <= MOST_AROUND + sum(match.end - match.start for match in within[:1])
    if within and few and not tells(found):
        return next((match for match in within if match.key not in SOFT), within[0])
    return first[0] if first else None


def _shown(found: Findings, show: Match) -> Match | None:
    """`visa min logg` is `logg`."""
    later = (match for match in found.of("commands") if match.start >= show.end and match.key in _ANYWHERE)
    named = next(later, None)
    between = range(show.end, named.start if named else show.end)
    of_one = possessive(found) if named and named.key == "history" else ()  # `visa Anna Bergs logg`
    names = [name for whole in of_one for name in whole.split()]
    small = found.words.filler.union(_ME, names, (f"{name}s" for name in names))
    words = ({token.word, token.raw.lower()} for token in found.line.tokens[between.start : between.stop])
    known = (word & small or found.line.taken[at] for at, word in zip(between, words, strict=True))
    return named if all(known) else None


def _small_before(found: Findings) -> int:
    """How far into the line only greetings and small words stand."""
    tokens = found.line.tokens
    soft = {at for match in found.of("commands") if match.key in SOFT for at in range(match.start, match.end)}
    for index, token in enumerate(tokens):
        small = token.word in found.words.filler or token.word in found.words.marks["asking"]
        if not (small or index in soft or not (token.is_word or token.is_number)):
            return index
    return len(tokens)


def _take_greeting(found: Findings, chosen: Match) -> None:
    """`god morgon, handledning igår 1h`: what opens the line is no note."""
    if all(not found.line.free(at) or at < chosen.end for at in range(chosen.end)):
        found.line.take(chosen.start, chosen.end, "commands")


def _asks_how(found: Findings, chosen: Match) -> bool:
    """`hur loggar jag handledning?` wants help, whatever else it names, and so does a bare `hjälp dops`."""
    line, marks = found.line, found.words.marks
    if chosen.key != "help" or line.tokens[chosen.start].word in marks["asking"]:
        return chosen.key == "help"
    told = found.spans or found.has_length or found.people or found.of("absences")
    return not told and line.phrase(chosen.start, marks["helping"]) is not None


def _asks_the_way(found: Findings, match: Match) -> bool:
    """`hur ångrar jag`, `how do i undo`: nothing is done that only is asked about."""
    asks = found.words.marks["asking_the_way"]
    return match.key == "help" and found.line.phrase(match.start, asks) is not None


def _carried_out(found: Findings, chosen: Match) -> Command:
    if chosen.key == "change":
        return _put_right(found, chosen)
    if chosen.key in ("move", "cancel"):
        return of_a_booking(found, chosen)
    if chosen.key == "undo":
        return taken_back(found, chosen)
    if chosen.key == "confirm":
        return confirms(found, chosen)
    if chosen.key == "calendar":
        return Command("calendar", reason=_wish(found, chosen))
    if chosen.key in ("link", "language", "unlink", "invite"):
        return _with_its_rest(found, chosen)
    if chosen.key == "concern":
        return _concern(found, chosen)
    if chosen.key in _NAMED:
        return _about(found, chosen)
    people = found.people
    if not people and chosen.key in ("status", "history", "export"):
        people, _ = _capitals_after(found, chosen.end)
        people = people or whose(found, chosen.start)
        people = people or (possessive(found) if chosen.key == "history" else ())
        people = people or (asked_about(found) if chosen.key == "status" else ())
    return Command(chosen.key, people=people, reason=_only(found, chosen))


def _only(found: Findings, chosen: Match) -> str | None:
    """Of how one stands only what is booked (`när ses vi`, `mina bokningar`) or when the training ends.

    But `när är nästa bedömning` asks when it is due, and `hur länge är det kvar till kollegium` as well.
    """
    marks = found.words.marks
    asked = ((BOOKED, marks["asks_booked"]), (ENDS, marks["asks_end"])) if chosen.key == "status" else ()
    line = Line(found.line.tokens)
    said = (reason for reason, mark in asked if line.said & mark.bit and line.phrase(chosen.start, mark))
    reason = next(said, None)
    return None if reason == ENDS and found.of("activities") else reason


def _put_right(found: Findings, chosen: Match) -> Command:
    """`ändra handledningen på torsdag till kl 14`, `ändra tiden till 15 på torsdag`: no log is of a day to
    come, so that a session is moved.
    """
    if _is_of_an_hour(found, chosen):
        return of_a_booking(found, chosen._replace(key="move"))
    of_one = possessive(found)
    told = corrected(found, "session")
    if of_one and not told.people:
        told = replace(told, people=of_one, reason=told.reason or THEIRS)
    if told.activity and told.date and told.date > found.today:
        return of_a_booking(found, chosen._replace(key="move"))
    return told


def _is_of_an_hour(found: Findings, chosen: Match) -> bool:
    """Whether `tiden` of a day to come is changed, and that day is not the new one."""
    line, day = found.line, settle(found.spans, found.today, "session").date
    if day is None or day <= found.today or found.durations or line.taken[chosen.end] == "date":
        return False
    return any(token.word in _HOUR for token in line.tokens[chosen.start : chosen.end])


_HOUR = ("tiden", "tid", "time")


def _wish(found: Findings, chosen: Match) -> str | None:
    """`kalender ny`, `kalender av`."""
    marks = found.words.marks
    wishes = (("new", "renewed"), ("off", "off"))
    around = (0, chosen.end) if chosen.start else (chosen.end,)  # `ny kalenderlänk`
    said = ((wish, found.line.phrase(at, marks[mark])) for wish, mark in wishes for at in around)
    return next((wish for wish, hit in said if hit), None)


def _with_its_rest(found: Findings, chosen: Match) -> Command:
    """`koppla K7F2PQ`; but `koppla ihop Anna med Eva` is about who supervises whom."""
    called = found.words.people["first_names"]
    if chosen.key == "link" and any(token.word in called for token in found.line.tokens):
        return Command("roster")
    return Command(chosen.key, note=_rest(found, chosen))


def _rest(found: Findings, chosen: Match) -> str | None:
    """All that follows a command, in the user's own letters, without colons and politeness about it."""
    start, end = chosen.end, before_politeness(found.line, found.words)
    while start < end and found.line.tokens[start].raw in (":", "-", "–", "="):
        start += 1
    whole = end == len(found.line.tokens)
    return (found.line.written(start, None if whole else end) or None) if start < end else None


_ME = ("mig", "mej", "me")


def _about(found: Findings, chosen: Match) -> Command:
    after = found.line.tokens[chosen.end : chosen.end + 1]
    if chosen.key == "remind" and any(token.word in (*_ME, "inte", "ej", "not") for token in after):
        return Command("unknown")  # `påminn mig imorgon`
    if chosen.key == "show" and tells(found) and (of_one := possessive(found)):
        return Command("history", people=of_one)  # `visa annas bedömningar`
    people = found.people or _names_after(found, chosen)
    if people:
        return Command(chosen.key, people=people)
    if chosen.key == "show" and tells(found):
        return Command("history")
    return Command("ask", question="person", reason=chosen.key)


def _names_after(found: Findings, chosen: Match) -> tuple[str, ...]:
    for index in range(len(found.line.tokens)):
        if found.line.taken[index] != "people":
            found.line.release(index, index + 1)
    return names_in(found.line, found.words, chosen.end)


def _concern(found: Findings, chosen: Match) -> Command:
    """`hej, jag är orolig för Anna Berg: …`: nothing after it is read as anything but the note."""
    found.line.release(0, len(found.line.tokens))
    return told(found.line, found.words, found.now, chosen.end)


def _capitals_after(found: Findings, start: int) -> tuple[tuple[str, ...], int]:
    line = found.line
    while line.words[start] in ("för", "for", "om", "about", ":", "@"):
        start += 1
    end = start
    while (
        line.free(end)
        and line.tokens[end].is_word
        and (line.tokens[end].raw[0].isupper() or _is_name(found, start, end))
    ):
        end += 1
    if end == start:
        return (), start
    name = line.written(start, end).lower()
    return (name,), end


def _is_name(found: Findings, start: int, index: int) -> bool:
    low = found.line.tokens[index].raw.lower()
    people = found.words.people
    return low in people["first_names"] if index == start else low in people["surnames"]
