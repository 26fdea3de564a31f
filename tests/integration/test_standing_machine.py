"""Standing rows stay true whatever happens, in whatever order: a state machine over the whole stack.

A few histories are played, always the same. With HANDLEDD_TEST_HISTORIES=500 in the environment it is so
many, and other ones each time; HANDLEDD_TEST_DEEDS=100 makes each of them longer.
"""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from handlers.message import IncomingKind
from tests.support.standing_house import BOOKS, SNOOZE, SUPERVISORS, TRAINEES, House

HISTORIES = int(os.environ.get("HANDLEDD_TEST_HISTORIES", "0"))
DEEDS = int(os.environ.get("HANDLEDD_TEST_DEEDS", "30"))

WHO = st.sampled_from(TRAINEES)
PAST = st.integers(-90, 0)
NEAR = st.integers(-30, 60)
THINGS = st.sampled_from(
    [
        "handledning {day} 1h",
        "handledning {day} 1h",
        "mini-cex {day}",
        "medsittning {day} handledare Lars Lind",
        "iup reviderad {day}",
        "kollegium {day}",
        "utvecklingssamtal {day}",
        "st-möte {day}",
        "kurs palliativ vård {day}",
        "journalgranskning {day}",
    ]
)
AWAY = st.sampled_from(["sjuk", "föräldraledig", "semester", "vab", "tjänstledig"])
REGRETTED = st.sampled_from(
    [
        "sjuk {first} - {last}",
        "tjänstledig från {first} tills vidare",
        "sidotjänstgöring kirurgi {first} - {last} handledare Lars Lind",
        "boka handledning {last} kl 9",
        "åter i tjänst {last}",
        "vi ses varannan vecka",
    ]
)
OWN_RULES = st.sampled_from(
    [
        ("supervision", {"excused_below": 5}),
        ("supervision", None),
        ("supervision", {}),
        ("kollegium", {"every": {"months": 2}}),
        ("kollegium", None),
        ("kollegium", {}),
        ("assessment", {"count": 8}),
        ("assessment", {"lead_days": 3}),
        ("assessment", {}),
        ("iup_revision", {"every": {"days": 40}}),
        ("iup_revision", {}),
    ]
)


class Standings(RuleBasedStateMachine):
    """Deeds in any order; what the house asserts holds after each."""

    def __init__(self) -> None:
        super().__init__()
        self.house = House()
        self.say = self.house.world.say
        self.written: dict[str, str] = {}

    def teardown(self) -> None:
        self.house.close()

    @rule(who=WHO, thing=THINGS, ahead=PAST)
    def log(self, who: str, thing: str, ahead: int) -> None:
        self.written[who] = f"of {who} {len(self.house.world.sent)}"
        self.say(who, thing.format(day=self.house.day(ahead)), message_ref=self.written[who])

    @precondition(lambda self: self.written)
    @rule(thing=THINGS, ahead=PAST, data=st.data())
    def edit(self, thing: str, ahead: int, data: st.DataObject) -> None:
        """The chat message of a log becomes another one, perhaps of another activity."""
        who = data.draw(st.sampled_from(sorted(self.written)))
        line, edited = thing.format(day=self.house.day(ahead)), IncomingKind.EDIT
        self.say(who, line, message_ref=self.written[who], kind=edited)

    @rule(who=st.sampled_from([*TRAINEES, *SUPERVISORS]))
    def undo(self, who: str) -> None:
        self.say(who, "ångra")

    @rule(who=WHO, ahead=PAST)
    def amend(self, who: str, ahead: int) -> None:
        self.say(who, f"ändra till {self.house.day(ahead)}")

    @rule(who=WHO, kind=AWAY, ahead=NEAR)
    def go_away(self, who: str, kind: str, ahead: int) -> None:
        self.say(who, f"{kind} från {self.house.day(ahead)} tills vidare")

    @rule(who=WHO, ahead=NEAR)
    def come_back(self, who: str, ahead: int) -> None:
        self.say(who, f"åter i tjänst {self.house.day(ahead)}")

    @rule(who=WHO, kind=AWAY, ahead=NEAR, length=st.integers(0, 45))
    def be_away(self, who: str, kind: str, ahead: int, length: int) -> None:
        self.say(who, f"{kind} {self.house.day(ahead)} - {self.house.day(ahead + length)}")

    @rule(who=WHO, line=REGRETTED, ahead=NEAR)
    def regret(self, who: str, line: str, ahead: int) -> None:
        """Said, and taken back at once."""
        first, last = self.house.day(ahead), self.house.day(ahead + 20)
        self.say(who, line.format(first=first, last=last))
        self.house.assert_no_drift()
        self.say(who, "ångra")

    @rule(who=WHO, ahead=st.integers(0, 30))
    def book(self, who: str, ahead: int) -> None:
        self.say(who, f"boka handledning {self.house.day(ahead)} kl 13 1h")

    @rule(who=WHO)
    def book_a_series(self, who: str) -> None:
        self.say(who, "boka handledning varannan torsdag 13-14")

    @rule(who=WHO, often=st.sampled_from(["varannan vecka", "var tredje vecka", "en gång i månaden"]))
    def agree(self, who: str, often: str) -> None:
        self.say(who, f"vi ses {often}")

    @rule(who=WHO, ahead=NEAR, length=st.integers(0, 60), whom=st.sampled_from(["Lars Lind", "Ulf Okänd"]))
    def place(self, who: str, ahead: int, length: int, whom: str) -> None:
        first, last = self.house.day(ahead), self.house.day(ahead + length)
        self.say(who, f"sidotjänstgöring psykiatri {first} - {last} handledare {whom}")

    @rule(who=st.sampled_from([*TRAINEES, *SUPERVISORS]), data=st.data())
    def press(self, who: str, data: st.DataObject) -> None:
        """Whatever stands under the latest messages: choices, bookings' questions, confirmations, undo."""
        if labels := self.house.labels(who):
            self.house.press(who, data.draw(st.sampled_from(labels)))

    @precondition(lambda self: self.house.nudged())
    @rule(data=st.data())
    def snooze(self, data: st.DataObject) -> None:
        self.house.press(data.draw(st.sampled_from(self.house.nudged())), SNOOZE)

    @rule(who=WHO, supervisor=st.sampled_from(SUPERVISORS))
    def change_supervisor(self, who: str, supervisor: str) -> None:
        self.house.supervisors[who] = supervisor
        self.house.import_roster()

    @rule(unit=st.sampled_from(["Ekbacken", "Granlund", "Torpa"]), book=st.sampled_from(BOOKS))
    def change_rulebook(self, unit: str, book: str) -> None:
        self.house.books[unit] = book
        self.house.import_roster()

    @rule(who=WHO, ahead=st.integers(5, 400))
    def change_end(self, who: str, ahead: int) -> None:
        self.house.ends[who] = f"{self.house.day(ahead)}"
        self.house.import_roster()

    @rule(unit=st.sampled_from(["Ekbacken", "Granlund", "Torpa"]), own=OWN_RULES)
    def change_own_rules(self, unit: str, own: tuple[str, dict[str, object] | None]) -> None:
        self.house.set_own_rule(unit, *own)

    @rule(hours=st.integers(1, 30))
    def hours_pass(self, hours: int) -> None:
        self.house.sleep(timedelta(hours=hours))

    @rule(days=st.integers(1, 10))
    def days_pass(self, days: int) -> None:
        self.house.sleep(timedelta(days=days))

    @rule(weeks=st.integers(1, 14))
    def weeks_pass(self, weeks: int) -> None:
        self.house.sleep(timedelta(weeks=weeks))

    @rule(days=st.integers(1, 9))
    def days_are_lived(self, days: int) -> None:
        asyncio.run(self.house.live(timedelta(days=days)))

    @invariant()
    def every_row_is_true(self) -> None:
        self.house.assert_no_drift()
        self.house.assert_refreshing_again_changes_nothing()

    @invariant()
    def every_row_looks_ahead(self) -> None:
        self.house.assert_nothing_waits_for_the_tick()

    @invariant()
    def people_are_told_once(self) -> None:
        self.house.assert_one_bundle_a_day()
        self.house.assert_everything_is_said_once()
        self.house.assert_what_waits_is_still_asked_for()


TestStandings = Standings.TestCase
TestStandings.settings = settings(
    derandomize=not HISTORIES,
    max_examples=HISTORIES or 16,
    stateful_step_count=DEEDS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
