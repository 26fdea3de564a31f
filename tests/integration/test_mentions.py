"""People named by their account, by a handle or by an e-mail: they are the persons of the roster."""

from __future__ import annotations

import pytest

from tests.support.world import World, mail


@pytest.mark.parametrize("who", ["eva", "lars"])
def test_an_account_that_is_named_is_the_person_it_belongs_to(world: World, who: str) -> None:
    name = {"eva": "Eva Ek", "lars": "Lars Lind"}[who]
    answer = world.say("anna", f"mini-cex idag av @{mail(who)} buk", mentions=(mail(who),))
    assert answer.text.startswith(f"Sparat: mini-CEX mån 23 nov (v 48) · av {name} · buk")


def test_who_is_named_by_their_account_can_be_asked(world: World) -> None:
    account = mail("eva")
    answer = world.say("anna", f"be @{account} om bedömning mini-cex", mentions=(account,))
    assert answer.text.startswith("Skickat till Eva Ek: mini-CEX")


def test_an_account_of_nobody_stays_as_it_was_written(world: World) -> None:
    assert "av U9" in world.say("anna", "mini-cex idag av @U9", mentions=("U9",)).text


@pytest.mark.parametrize("handle", ["@eva.ek", "@eva_ek", '@"Eva Ek"', "@eva", "eva@exempel.se"])
def test_a_handle_or_an_e_mail_is_its_owners(world: World, handle: str) -> None:
    assert "av Eva Ek" in world.say("anna", f"mini-cex idag av {handle}").text
