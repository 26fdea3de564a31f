"""The coverage of goals as a paper and as a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from handlers.papers.goals import Goal, Group, Times, neither
from handlers.papers.record import Record, about, day, made_line
from handlers.papers.table import Column, Sheet, sheet
from handlers.papers.typeset import Facts
from handlers.words import Words
from storage.states import IS_LIVE
from storage.tables import Entry, Trainee, Unit


def unit_codes(session: Session, unit: Unit) -> set[str]:
    """Every goal code that somebody at a unit has named."""
    found = session.exec(
        select(Entry.goals)
        .join(Trainee, col(Trainee.id) == col(Entry.trainee_id))
        .where(
            Trainee.unit_id == unit.id,
            IS_LIVE,
            col(Entry.activity).in_(["supervision", "assessment"]),
        )
    ).all()
    return {code for codes in found for code in codes}


def coverage_page(words: Words, of: Record, groups: Sequence[Group], now: datetime) -> Facts:
    """What the template `coverage` shows."""
    missing = neither(groups)
    shown = sum(len(group.goals) for group in groups)
    return {
        "title": words.say("paper.coverage"),
        "short": of.person.name,
        "made": made_line(words, of, now),
        "about": [
            *about(words, of),
            (words.say("paper.description"), ", ".join(dict.fromkeys(g.frame.name for g in groups))),
            (words.say("paper.covered"), words.say("paper.of", done=shown - len(missing), count=shown)),
        ],
        "groups": [_group(words, group) for group in groups],
        "neither": missing,
        "note": words.say("paper.c_goals"),
    }


def _group(words: Words, of: Group) -> Facts:
    return {
        "title": words.say("paper.group", letter=f"{of.frame.prefix}{of.letter}", frame=of.frame.name),
        "goals": [_goal(words, each) for each in of.goals],
    }


def _goal(words: Words, of: Goal) -> Facts:
    return {
        "code": of.code,
        "state": of.state,
        "supervision": _times(words, of.supervision),
        "assessment": _times(words, of.assessment),
    }


def _times(words: Words, of: Times) -> Facts:
    return {"count": of.count, "last": day(words, of.last)}


def coverage_sheet(words: Words, groups: Sequence[Group]) -> Sheet:
    """A row for each goal."""
    columns: tuple[Column[tuple[Group, Goal]], ...] = (
        ("description", lambda of: of[0].frame.name),
        ("goals", lambda of: of[1].code),
        ("supervisions", lambda of: of[1].supervision.count),
        ("supervised_on", lambda of: of[1].supervision.last),
        ("assessments", lambda of: of[1].assessment.count),
        ("assessed_on", lambda of: of[1].assessment.last),
    )
    return sheet(words, "goals", columns, ((group, goal) for group in groups for goal in group.goals))
