"""Rulebook files: what ships, what is refused and with which mend, what a unit may override."""

from __future__ import annotations

import pytest

from schedules.rules.requirement import Kind, Span, Term
from schedules.rules.rulebook import DEFAULT_RULEBOOK, RulebookError, check, load_rulebook, override, shipped

HEAD = """
key = "made-up"
title = { sv = "Påhittat", en = "Made up" }
"""
SOURCE = 'source = { document = "Påhittad riktlinje", section = "1" }'
TITLE = 'title = { sv = "Handledning", en = "Supervision" }'
WEEKLY = f"""
[requirement.supervision]
{TITLE}
kind = "weekly"
minutes = 60
activities = ["supervision"]
{SOURCE}
"""


def _one(body: str, key: str = "thing") -> str:
    return f"{HEAD}[requirement.{key}]\n{TITLE}\n{SOURCE}\n{body}\n"


def test_every_shipped_rulebook_loads_and_the_default_is_among_them() -> None:
    assert DEFAULT_RULEBOOK in shipped()
    assert {"skane-sjukhus", "skane-primarvard"} <= shipped().keys()


def test_every_requirement_says_who_says_so_in_two_languages() -> None:
    for rulebook in shipped().values():
        for requirement in rulebook.requirements.values():
            assert requirement.source.document
            assert requirement.source.section
            assert requirement.title["sv"]
            assert requirement.title["en"]


@pytest.mark.parametrize(
    ("rulebook", "key", "kind"),
    [
        ("ostergotland-allmanmedicin", "supervision", Kind.WEEKLY),
        ("ostergotland-allmanmedicin", "assessment", Kind.RATE),
        ("ostergotland-allmanmedicin", "kollegium", Kind.INTERVAL),
        ("ostergotland-allmanmedicin", "iup_revision", Kind.INTERVAL),
        ("skane-sjukhus", "supervision", Kind.RATE),
        ("skane-sjukhus", "iup_approval", Kind.ONCE),
        ("skane-sjukhus", "kollegium", Kind.TOTAL),
        ("skane-primarvard", "supervision", Kind.WEEKLY),
        ("skane-primarvard", "annual_report", Kind.INTERVAL),
    ],
)
def test_where_the_documents_disagree_each_rulebook_keeps_its_own_kind(
    rulebook: str, key: str, kind: Kind
) -> None:
    assert shipped()[rulebook].requirements[key].kind is kind


@pytest.mark.parametrize(
    ("rulebook", "key", "parameters"),
    [
        ("ostergotland-allmanmedicin", "supervision", {"minutes": 60, "excused_below": 3}),
        ("ostergotland-allmanmedicin", "assessment", {"count": 4, "longest_gap": Span(3, 14)}),
        ("ostergotland-allmanmedicin", "iup_revision", {"every": Span(6)}),
        ("ostergotland-allmanmedicin", "kollegium", {"every": Span(12)}),
        ("skane-sjukhus", "supervision", {"count": 9, "longest_gap": Span(2)}),
        ("skane-sjukhus", "assessment", {"count": 9, "longest_gap": None}),
        ("skane-sjukhus", "iup_approval", {"anchor": "employment", "within": Span(7)}),
        ("skane-sjukhus", "iup_revision", {"count": 2}),
        ("skane-sjukhus", "kollegium", {"count": 3, "fractions": (1 / 3, 2 / 3, 0.95)}),
        ("skane-primarvard", "supervision", {"minutes": 60}),
        ("skane-primarvard", "annual_followup", {"every": Span(12)}),
        ("skane-primarvard", "supervisor_report", {"every": Span(12), "reminds": ("supervisor",)}),
    ],
)
def test_the_shipped_figures_are_the_guidelines(
    rulebook: str, key: str, parameters: dict[str, object]
) -> None:
    requirement = shipped()[rulebook].requirements[key]
    assert {name: getattr(requirement, name) for name in parameters} == parameters


def test_a_sound_file_has_no_problems() -> None:
    assert check(HEAD + WEEKLY, "sound.toml") == []


@pytest.mark.parametrize(
    ("text", "key", "mend"),
    [
        (_one('kind = "yearly"\nactivities = ["course"]'), "thing.kind", "use one of weekly"),
        (_one('kind = "interval"\nactivities = ["course"]'), "thing.every", "missing"),
        (
            _one('kind = "interval"\nactivities = ["course"]\nevery = {}'),
            "thing.every",
            "longer than nothing",
        ),
        (_one('kind = "interval"\nactivities = ["course"]\nevery = "6 months"'), "thing.every", "{ months"),
        (
            _one('kind = "interval"\nactivities = ["course"]\nevery = {months = 6}\nminutes = 60'),
            "thing.minutes",
            "does not belong to kind interval",
        ),
        (
            _one('kind = "agreed"\nactivities = ["course"]\nevry = 3'),
            "thing.evry",
            "is no parameter",
        ),
        (_one('kind = "agreed"\nactivities = ["coarse"]'), "thing.activities", "coarse is no known activity"),
        (_one('kind = "agreed"\nactivities = []'), "thing.activities", "at least one"),
        (_one('kind = "agreed"'), "thing.activities", "missing"),
        (_one('kind = "topic"\nevery = {months = 3}\nactivities = ["course"]'), "thing.activities", "ethics"),
        (
            _one('kind = "total"\ncount = 1\nfractions = [1.1]\nactivities = ["course"]'),
            "thing.fractions",
            "between 0 and 1",
        ),
        (
            _one('kind = "total"\ncount = 1\nfractions = [0]\nactivities = ["course"]'),
            "thing.fractions",
            "between 0 and 1",
        ),
        (
            _one('kind = "total"\ncount = 2\nfractions = [0.5]\nactivities = ["course"]'),
            "thing.fractions",
            "one fraction for each",
        ),
        (_one('kind = "rate"\ncount = 0\nactivities = ["course"]'), "thing.count", "above 0"),
        (_one('kind = "rate"\ncount = "4"\nactivities = ["course"]'), "thing.count", "whole number"),
        (
            _one('kind = "once"\nanchor = "birth"\nwithin = {days = 1}\nactivities = ["course"]'),
            "thing.anchor",
            "employment",
        ),
        (_one('kind = "unit"\nactivities = ["external_review"]'), "thing.every", "either every"),
        (
            _one('kind = "unit"\nanchor = "finding"\nactivities = ["internal_review"]'),
            "thing.within",
            "go together",
        ),
        (
            _one('kind = "agreed"\nactivities = ["course"]\nreminds = ["mother"]'),
            "thing.reminds",
            "no known role",
        ),
        (
            _one('kind = "agreed"\nactivities = ["course"]\ninstruments = ["hammer"]'),
            "thing.instruments",
            "hammer",
        ),
        (_one('kind = "term"\ncount = 1\nper = "week"\nactivities = ["course"]'), "thing.per", "month, term"),
        (HEAD + WEEKLY.replace(SOURCE, ""), "supervision.source", "document"),
        (HEAD + WEEKLY.replace(', en = "Supervision"', ""), "supervision.title", "title.en"),
        (HEAD + WEEKLY.replace('sv = "Handledning", ', ""), "supervision.title", "title.sv"),
        (HEAD + WEEKLY + WEEKLY, "TOML", "only once"),
        ("key = [", "TOML", "mend the line"),
        (_one('kind = "agreed"\nactivities = [["course"]]'), "thing.activities", "no known activity"),
        (
            _one('kind = "once"\nanchor = ["x"]\nwithin = {}\nactivities = ["course"]'),
            "thing.anchor",
            "one of",
        ),
        (_one('kind = "rate"\ncount = 3651\nactivities = ["course"]'), "thing.count", "to 3650"),
        (_one('kind = "rate"\ncount = true\nactivities = ["course"]'), "thing.count", "whole number"),
        (f"{HEAD}[requirement]\nthing = 3", "thing", "as a table"),
        (HEAD, "requirement", "at least one"),
        ('include = ["lunch"]\n' + HEAD + WEEKLY, "include", "_topic-rota"),
        (_one('kind = "agreed"\nactivities = ["course"]\nkinds = ["PT"]'), "thing.kinds", "kind of trainee"),
        (_one('kind = "agreed"\nactivities = ["course"]\nescalates = 0'), "thing.escalates", "true or false"),
        (_one('kind = "agreed"\nactivities = ["course"]\nnote = "x"'), "thing.note", "note.sv"),
        (
            _one(
                'kind = "once"\nanchor = "employment"\nwithin = {}\nown_unit_first = [18, 12]\n'
                'activities = ["course"]'
            ),
            "thing.own_unit_first",
            "[12, 18]",
        ),
        (
            _one('kind = "agreed"\nactivities = ["course"]\nin_term = true'),
            "thing.in_term",
            "does not belong to kind agreed",
        ),
        (WEEKLY, "title", "title.sv"),
        (WEEKLY, "key", "give the rulebook a key"),
        ('colour = "red"\n' + HEAD + WEEKLY, "colour", "remove it"),
        (HEAD + '[[terms]]\nkey = "VT"\nfirst = "13-01"\nlast = "06-15"\n' + WEEKLY, "terms", "MM-DD"),
        (HEAD + '[[terms]]\nkey = "VT"\n' + WEEKLY, "terms", "first and last"),
    ],
)
def test_a_problem_names_the_file_the_key_and_the_mend(text: str, key: str, mend: str) -> None:
    problems = check(text, "own.toml")
    assert any(p.startswith(f"own.toml: {key}: ") and mend in p for p in problems), problems


def test_a_file_may_take_over_another_and_change_some_of_it() -> None:
    own = load_rulebook('include = ["skane-sjukhus"]\n' + HEAD + WEEKLY, "own.toml")
    assert own.requirements["supervision"].kind is Kind.WEEKLY
    assert own.requirements["assessment"] == shipped()["skane-sjukhus"].requirements["assessment"]
    assert next(iter(own.requirements)) == "supervision"


def test_a_file_may_name_its_document_once() -> None:
    text = 'document = "Handbok"\n' + HEAD + WEEKLY.replace('document = "Påhittad riktlinje", ', "")
    assert load_rulebook(text, "own.toml").requirements["supervision"].source.document == "Handbok"


def test_all_problems_are_told_at_once() -> None:
    text = HEAD + WEEKLY.replace(SOURCE, "").replace("minutes = 60", 'minutes = "60"')
    assert len(check(text, "own.toml")) == 2
    assert len(check(text.replace('"weekly"', '"weekli"'), "own.toml")) == 2  # the kind, and the source


def test_a_file_with_problems_does_not_load() -> None:
    with pytest.raises(RulebookError, match=r"own\.toml: requirement"):
        load_rulebook(HEAD, "own.toml")


def test_a_rulebook_may_set_its_own_terms() -> None:
    own = '[[terms]]\nkey = "VT"\nfirst = "01-15"\nlast = "06-01"\n'
    course = '[requirement.course]\nkind = "term"\ncount = 1\nper = "term"\nactivities = ["course"]\n'
    rulebook = load_rulebook(f"{HEAD}{own}{course}{TITLE}\n{SOURCE}\n", "own.toml")
    assert rulebook.terms == (Term("VT", (1, 15), (6, 1)),)
    assert rulebook.requirements["course"].terms == rulebook.terms
    assert rulebook.requirements["course"].lead_days == 7


def test_an_override_changes_one_parameter_and_keeps_its_reason_and_source() -> None:
    base = shipped()[DEFAULT_RULEBOOK]
    own = override(base, {"kollegium": {"every": {"months": 9}}}, "Beslut i ledningsgruppen")
    assert own.requirements["kollegium"].every == Span(9)
    assert own.requirements["kollegium"].reason == "Beslut i ledningsgruppen"
    assert own.requirements["kollegium"].source == base.requirements["kollegium"].source
    assert own.requirements["supervision"] is base.requirements["supervision"]
    assert list(own.requirements) == list(base.requirements)


@pytest.mark.parametrize(
    ("changes", "reason", "mend"),
    [
        ({"kollegium": {"every": {"months": 9}}}, " ", "say why"),
        ({"lunch": {"every": {"months": 9}}}, "x", "is no requirement"),
        ({"kollegium": {"minutes": 9}}, "x", "does not belong"),
        ({"kollegium": {"kind": "rate"}}, "x", "cannot be overridden"),
        ({"kollegium": {"every": {}}}, "x", "longer than nothing"),
        ({"assessment": {"count": 0}}, "x", "above 0"),
    ],
)
def test_an_override_that_does_not_fit_is_refused(
    changes: dict[str, dict[str, object]], reason: str, mend: str
) -> None:
    with pytest.raises(RulebookError, match=mend):
        override(shipped()[DEFAULT_RULEBOOK], changes, reason)
