"""What the line is about: activities, instruments, topics, absences, placements, commands."""

from __future__ import annotations

from typing import NamedTuple

from handlers.language.lexicon.normalise import fold
from handlers.language.lexicon.notes import is_of_a_note
from handlers.language.lexicon.phrases import NUMBER, STEM
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

ASSESSMENT = "assessment"
SUPERVISION = "supervision"
COURSE = "course"
IUP = ("iup_revision", "iup_approval")
# Activities that hold others: what follows is their content.
_HOLDERS = frozenset(
    {"course", "st_meeting", "kollegium", "introduction", "st_introduction", "supervisor_meeting"}
)


_ARTICLES = ("en", "n")


class Match(NamedTuple):
    """A phrase of the line, tokens `start` to `end`, and what it stands for."""

    start: int
    end: int
    section: str
    key: str


class Subject(NamedTuple):
    """The activity of a line. `unclear` when two are named side by side; `topics` are (place, topic)."""

    activity: str | None
    instrument: str | None
    topics: tuple[tuple[int, str], ...]
    unclear: bool


def find_matches(line: Line, words: Vocabulary) -> list[Match]:
    """Every phrase with a meaning, in order. All but commands are taken."""
    found: list[Match] = []
    begins, wanted = line.begins, words.content.bit | STEM
    for index in range(len(line.tokens)):
        if begins[index] & wanted and (match := _match_at(line, index, words)):
            found.append(match)
            if match.section != "commands":
                line.take(match.start, match.end, "content")
    weak = line.said & words.marks["weak_activity"].bit
    return _without_weak(line, found, words) if weak else found


def _without_weak(line: Line, found: list[Match], words: Vocabulary) -> list[Match]:
    """`mini-cex idag HDL` is about a value: a weak word for an activity gives way to any other."""
    acts = [match for match in found if match.section in ("activities", "instruments")]
    weak = [match for match in acts if line.tokens[match.start].word in words.marks["weak_activity"]]
    if len(weak) == len(acts):
        return found
    _give_back(line, weak)
    return [match for match in found if match not in weak]


def _match_at(line: Line, index: int, words: Vocabulary) -> Match | None:
    found = line.phrase(index, words.content)
    if found is None:
        return _stem_at(line, index, words)
    meant, end = found
    if line.tokens[index].is_number and _is_amount(line, index, end, words):
        return None
    if index and line.tokens[index].word == "h" and line.tokens[index - 1].is_number:
        return None  # `1h ledning och styrning` is no `h-ledning`
    if line.words[end] == "°":
        end += 1
    if line.words[end - 1] in _ARTICLES and not line.glued(end - 1):
        end -= 1  # `mini-cex:en`, but not the `en` of `mini-cex en timme`
    return Match(index, end, meant.section, meant.key)


def _is_amount(line: Line, index: int, end: int, words: Vocabulary) -> bool:
    """`360 min` is a length, `360-400` no assessment."""
    if line.words[index + 1] in ("-", "/", ".", ":") and line.number(index + 2):
        return True
    alone = end == index + 1 and not line.is_number(end + 1)
    return alone and line.phrase(end, words.table("units")) is not None


def _stem_at(line: Line, index: int, words: Vocabulary) -> Match | None:
    if not line.begins[index] & STEM:
        return None
    topic = words.ends.topic_of(fold(line.tokens[index].raw))
    return Match(index, index + 1, "topics", topic) if topic else None


def subject_of(line: Line, matches: list[Match], words: Vocabulary) -> Subject:
    """Choose the activity among the matches; what is not used goes back to the note."""
    acts = [match for match in matches if match.section in ("activities", "instruments")]
    topics = [(match.start, match.key) for match in matches if match.section == "topics"]
    if not acts:
        _give_back(line, [match for match in matches if match.section == "iup"])
        return Subject(None, None, tuple(topics), unclear=False)
    main = acts[0] if len(acts) == 1 else _main(line, acts, words)
    activity = _activity(main)
    if topics and activity == "course":
        _give_back(line, [match for match in matches if _is_of_a_title(line, match, words)])
    tool = _instrument(acts, activity)
    if len(acts) == 1 and len(matches) == 1 + len(topics):  # nothing else is named, as in most lines
        return Subject(activity, tool, tuple(topics), unclear=False)
    unclear = activity in IUP and _denied(line, matches, words)
    if len(acts) > 1:
        others = [
            act for act in acts if _activity(act) != activity and not (_is_iup(act) and activity in IUP)
        ]
        unclear = unclear or _unclear(line, main, acts, others, words)
        if not unclear:
            _give_back(line, [act for act in acts if act.section == "instruments" and act.key != tool])
        topics += _talked_of(line, activity, others, words)
    topics += _placement_topic(line, activity, matches, words)
    return Subject(_approved(line, activity, matches), tool, tuple(sorted(topics)), unclear)


def _drop_compounds(line: Line, acts: list[Match]) -> None:
    """The `LPT-bedömning` of a note is no assessment beside what took place."""
    parts = [act for act in acts[1:] if _is_end_of_a_word(line, act.start)]
    _give_back(line, parts)
    acts[:] = [act for act in acts if act not in parts]


def _is_end_of_a_word(line: Line, index: int) -> bool:
    """Whether a hyphen and a word that nobody understood stand against it."""
    joined = line.words[index - 1] == "-" and line.tokens[index].glued and line.glued(index - 1)
    return joined and index > 1 and line.free(index - 2) and line.tokens[index - 2].is_word


def _is_of_a_title(line: Line, match: Match, words: Vocabulary) -> bool:
    """The topic of `kurs i medicinsk vetenskap`: what the course is called stays whole in the note too."""
    if match.section != "topics":
        return False
    return any(is_of_a_note(line, words, at) for at in (match.start - 1, match.end))


def _unclear(line: Line, main: Match, acts: list[Match], others: list[Match], words: Vocabulary) -> bool:
    """Whether more than one is named as what took place."""
    return any(_beside(line, main, act, words) for act in others) or _two_instruments(line, acts, words)


def _activity(match: Match) -> str:
    return ASSESSMENT if match.section == "instruments" else match.key


def _is_iup(match: Match) -> bool:
    return match.key in IUP


def _main(line: Line, acts: list[Match], words: Vocabulary) -> Match:
    """The first activity; but supervision when what comes first is a thing that is talked of in it.

    What is only the end of a word of the note is taken off the list.
    """
    _drop_compounds(line, acts)
    session = next(
        (act for act in acts if act.key == SUPERVISION and not _after_preposition(line, act, words)), None
    )
    first = acts[0]
    if session and first.key in words.talked_of and first.key not in ("course", SUPERVISION):
        return session
    return first


def _after_preposition(line: Line, match: Match, words: Vocabulary) -> bool:
    """Whether a word of its own stands before: `inför mini-cex`, `kurs i handledning`."""
    before = match.start - 1
    while before >= 0 and line.begins[before] & (words.table("numbers").bit | NUMBER):
        before -= 1  # `mini-cex och en dops`
    if before < 0 or not line.tokens[before].is_word or line.taken[before]:
        return False
    return line.tokens[before].word not in words.marks["and"]


def _beside(line: Line, main: Match, other: Match, words: Vocabulary) -> bool:
    """Whether two activities are named as equals, so that one has to ask which."""
    if _joined(line, main, other, words):
        return True
    if _activity(main) in _HOLDERS or (other.key in words.talked_of and other.key != SUPERVISION):
        return False
    later = other if other.start > main.start else main
    return not _after_preposition(line, later, words)


def _joined(line: Line, one: Match, other: Match, words: Vocabulary) -> bool:
    """`kurs och handledning`: nothing but `och` between them, in whichever order."""
    first, second = sorted((one, other), key=lambda match: match.start)
    talked = first.key == SUPERVISION and second.key in words.talked_of and second.key != SUPERVISION
    return not talked and second.start == first.end + 1 and line.words[first.end] in words.marks["and"]


def _two_instruments(line: Line, acts: list[Match], words: Vocabulary) -> bool:
    """`mini-cex och dops`: two assessments in one line, so that one has to ask which."""
    named = [act for act in acts if act.section == "instruments"]
    others = [act for act in named if act.key != named[0].key]
    return acts[0].key != SUPERVISION and any(not _after_preposition(line, act, words) for act in others)


def _talked_of(line: Line, activity: str, others: list[Match], words: Vocabulary) -> list[tuple[int, str]]:
    topics = []
    for other in others:
        topic = words.talked_of.get(other.key)
        if topic and activity not in _HOLDERS and other.key != SUPERVISION:
            topics.append((other.start, topic))
        else:
            _give_back(line, [other])
    return topics


def _placement_topic(
    line: Line, activity: str, matches: list[Match], words: Vocabulary
) -> list[tuple[int, str]]:
    topics = []
    for match in matches:
        if (
            match.section == "placements"
            and activity == SUPERVISION
            and not _after_preposition(line, match, words)
        ):
            topics.append((match.start, words.talked_of["placement"]))
        elif match.section in ("placements", "absences"):
            _give_back(line, [match])
    return topics


def _approved(line: Line, activity: str, matches: list[Match]) -> str:
    said = [match for match in matches if match.section == "iup"]
    if activity not in IUP:
        _give_back(line, said)
        return activity
    approved = [match for match in said if match.key == "approved"]
    return "iup_approval" if approved else activity


def _denied(line: Line, matches: list[Match], words: Vocabulary) -> bool:
    """`iup inte godkänd` tells of no approval, nor does `iup skickad för godkännande`."""
    before = (line.words[match.start - 1] for match in matches if match.section == "iup")
    return any(word in words.marks["not"] or word in _SOUGHT for word in before)


_SOUGHT = ("för", "till", "for")


def _instrument(acts: list[Match], activity: str) -> str | None:
    if activity != ASSESSMENT:
        return None
    return next((act.key for act in acts if act.section == "instruments"), None)


def _give_back(line: Line, matches: list[Match]) -> None:
    for match in matches:
        line.release(match.start, match.end)
