"""Teams on its bench: the strict fake is its login, its keys, its connector and its OneDrive."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from sqlalchemy import Engine

from bot.platforms.contract import Hear, Platform
from bot.platforms.teams import Teams
from tests.contract.benches import Remote
from tests.contract.suite import Shown
from tests.fakes import teams_card, teams_driver
from tests.fakes.process import Fake
from tests.fakes.teams_driver import ANNA, CLIENT_ID, SECRET, TENANT, TeamsDriver

Body = dict[str, Any]


class TeamsBench(Remote):
    """Teams by its connector."""

    name = "teams"
    ids: ClassVar[dict[str, str]] = {"anna": ANNA, "bo": f"{ANNA[:-1]}2", "eva": f"{ANNA[:-1]}3"}
    workspace = TENANT
    tells_deletions = True

    def __init__(self, engine: Engine, fake: Fake) -> None:
        self.fake = fake.from_now_on()
        super().__init__(engine, self._make)
        self._lines: dict[str, Body] = {}

    @property
    def peer(self) -> Fake:
        return self.fake

    def _make(self, hear: Hear, seconds: float = 5.0, url: str = "") -> Platform:
        url = url or self.fake.url
        service, keys = f"{url}/teams/", f"{url}/keys"
        return Teams(
            CLIENT_ID,
            SECRET,
            TENANT,
            hear,
            self.people.clock,
            service_url=service,
            login_url=url,
            keys_url=keys,
            call_seconds=seconds,
        )

    def chat(self, who: str) -> str:
        return f"{self._conversation(who)} {self.fake.url}/teams/"

    def _conversation(self, who: str) -> str:
        return f"a:1{self.ids[who]}"

    @property
    def driver(self) -> TeamsDriver:
        return TeamsDriver(self.url, self.fake, self.people.clock, self.client)

    def _now(self) -> str:
        return self.people.clock().isoformat()

    def _post(self, activity: Body) -> None:
        assert self.driver.post(activity).status_code == 200

    def _from(self, who: str) -> Body:
        """What tells this person's activities from others'. Ids come in capitals too, as Teams likes."""
        conversation = {"conversationType": "personal", "tenantId": TENANT, "id": self._conversation(who)}
        person = {"id": f"29:1{who}", "name": who.title(), "aadObjectId": self.ids[who].upper()}
        return {"from": person, "conversation": conversation, "timestamp": self._now()}

    def say(self, who: str, text: str, name: str) -> None:
        line = self._lines.setdefault(name, teams_driver.message(text, **self._from(who)))
        self._post(line)

    def edit(self, who: str, name: str, text: str) -> None:
        self._post(teams_driver.edited(self._lines[name], text, timestamp=self._now()))

    def delete(self, who: str, name: str) -> None:
        self._post(teams_driver.deleted(self._lines[name], timestamp=self._now()))

    def press(self, who: str, on: Shown, press: str) -> None:
        message = on.ref.rpartition(":")[2]
        [drawn] = teams_card.cards(self._posts_by_id()[message])
        [mark] = {data["mark"] for data in teams_card.buttons(drawn).values()}
        self._post(teams_driver.press({"press": press, "mark": mark}, message, **self._from(who)))

    def _accepted(self) -> list[Body]:
        """What the connector took, in order."""
        lines = self.fake.seen(accepted=True)
        return [line for line in lines if line["method"] in ("create", "update")]

    def _posts_by_id(self) -> dict[str, Body]:
        return {line["id"]: line["body"] for line in self._accepted()}

    def seen(self, who: str) -> list[Shown]:
        found: dict[str, Shown] = {}
        for line in self._accepted():
            text = teams_card.shown(line["body"])
            if line["chat"] != self._conversation(who) or not text:
                continue
            assert line["markup"] == []
            pairs = [teams_card.buttons(card) for card in teams_card.cards(line["body"])]
            buttons = tuple((label, data["press"]) for pair in pairs for label, data in pair.items())
            ref = f"{line['chat']}:{line['id']}"
            found[ref] = Shown(ref, text, buttons)
        return list(found.values())

    def files(self, who: str) -> list[str]:
        mine = [line["body"] for line in self._accepted() if line["chat"] == self._conversation(who)]
        attachments = [each for body in mine for each in body.get("attachments", [])]
        names = [each["name"] for each in attachments if each["contentType"] != teams_card.CARD]
        return names if len(names) > 1 else []

    def break_next(self, kind: str) -> None:
        answers: dict[str, Body] = {
            "blocked": {"status": 403, "code": "ConversationBlockedByUser"},
            "flooded": {"status": 429, "headers": {"Retry-After": "3"}},
            "token": {"status": 401, "code": "Unauthorized"},
        }
        fault = {"kind": "lost"} if kind == "lost" else {"kind": "answer"} | answers[kind]
        order = {"method": "create"} | fault
        self.client.post(f"{self.fake.url}/control/fault", json=order).raise_for_status()

    def forge(self) -> list[int]:
        line = teams_driver.message("handledning idag 1h", **self._from("anna"))
        body = json.dumps(line | {"serviceUrl": self.driver.service}).encode()
        good = self.driver.bearer()
        wrong = self.driver.bearer(key="other", header={"kid": "main"})
        foreign = self.driver.bearer(claims={"aud": TENANT})
        answers = [self.driver.raw(body, headers) for headers in ({}, wrong, foreign)]
        answers += [self.driver.raw(junk, good) for junk in (b"[]", b"{")]
        return [answer.status_code for answer in answers]
