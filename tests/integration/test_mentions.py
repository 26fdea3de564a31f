"""People named by their account, by a handle or by an e-mail: they are the persons of the roster."""

from __future__ import annotations

import pytest

from handlers.message import Mentioned, StrangerError
from storage.tables import Entry
from tests.support.world import World, mail


@pytest.mark.parametrize("who", ["eva", "lars"])
def test_an_account_that_is_named_is_the_person_it_belongs_to(world: World, who: str) -> None:
    name = {"eva": "Eva Ek", "lars": "Lars Lind"}[who]
    answer = world.say("anna", f"mini-cex idag av @{mail(who)} buk", mentions={mail(who): None})
    assert answer.text.startswith(f"Sparat: mini-CEX mån 23 nov (v 48) · av {name} · buk")


def test_who_is_named_by_their_account_can_be_asked(world: World) -> None:
    account = mail("eva")
    answer = world.say("anna", f"be @{account} om bedömning mini-cex", mentions={account: None})
    assert answer.text.startswith("Skickat till Eva Ek: mini-CEX")


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (Mentioned(email="EVA@exempel.se"), "Eva Ek"),  # she has not written to the bot yet
        (Mentioned("Evis", "eva@exempel.se"), "Eva Ek"),
        (Mentioned("eva.ek"), "Eva Ek"),
        (Mentioned('Nils "Nisse"\nNy', "nils@other.example"), "Nils Nisse Ny"),
    ],
)
def test_an_account_that_is_not_linked_goes_by_what_its_workspace_says(
    world: World, told: Mentioned, name: str
) -> None:
    answer = world.say("anna", "mini-cex idag av @U9", mentions={"U9": told})
    assert answer.text.startswith(f"Sparat: mini-CEX mån 23 nov (v 48) · av {name}")


def test_the_platform_is_asked_before_anything_is_saved(world: World) -> None:
    line = world.incoming("anna", "mini-cex idag av @U9", mentions={"U9": None})
    with pytest.raises(StrangerError) as asked:
        world.take(line)
    assert asked.value.accounts == ("U9",)
    assert world.rows(Entry) == []


def test_whose_an_account_is_that_nobody_knows_is_asked(world: World) -> None:
    answer = world.say(
        "anna", "mini-cex idag av @U9 med @U8", mentions={"U9": Mentioned(), "U8": Mentioned("Bo")}
    )
    assert answer.text.startswith("Jag vet inte vem du nämner")
    assert "U9" not in answer.text
    assert world.rows(Entry) == []


def test_too_many_accounts_are_not_looked_up(world: World) -> None:
    many = {f"U{number}": None for number in range(100, 111)}
    line = "mini-cex idag av " + " ".join(f"@{account}" for account in many)
    assert world.say("anna", line, mentions=many).text.startswith("Jag vet inte vem du nämner")


@pytest.mark.parametrize("handle", ["@eva.ek", "@eva_ek", '@"Eva Ek"', "@eva", "eva@exempel.se"])
def test_a_handle_or_an_e_mail_is_its_owners(world: World, handle: str) -> None:
    assert "av Eva Ek" in world.say("anna", f"mini-cex idag av {handle}").text
