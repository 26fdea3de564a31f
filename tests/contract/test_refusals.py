"""What each platform's refusal means for the delivery: whom it blames, and whether it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from bot.platforms import matrix_wire, slack_errors, teams_wire, telegram_wire
from bot.platforms.contract import SendError

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

SLACK = {
    "permanent": "cannot_dm_bot channel_not_found is_archived not_in_channel restricted_action user_disabled "
    "user_not_found user_not_in_channel user_not_visible users_not_found",
    "ours": "access_denied account_inactive ekm_access_denied invalid_auth messages_tab_disabled "
    "missing_scope no_permission not_authed org_login_required team_access_not_granted token_expired "
    "token_revoked",
    "refused": "invalid_blocks invalid_blocks_format invalid_metadata_format metadata_too_large "
    "msg_blocks_too_long msg_too_long no_text",
    "perhaps": "fatal_error internal_error request_timeout service_unavailable",
    "": "team_added_to_org something_new",
}
TEAMS = {
    "permanent": "BotNotInConversationRoster ConversationBlockedByUser ConversationNotFound "
    "ForbiddenOperationException MessageWritesBlocked NotFound UserNotFound",
    "ours": "BotDisabledByAdmin BotNotRegistered InvalidBotApiHost NotEnoughPermissions Unauthorized",
    "refused": "BadSyntax MessageSizeTooBig ActivityNotFoundInConversation",
}
MATRIX = {
    "permanent": "M_FORBIDDEN M_NOT_FOUND M_INVITE_BLOCKED",
    "ours": "M_UNKNOWN_TOKEN M_MISSING_TOKEN M_USER_DEACTIVATED M_USER_LOCKED M_CONSENT_NOT_GIVEN "
    "M_RESOURCE_LIMIT_EXCEEDED",
    "refused": "M_TOO_LARGE M_BAD_JSON",
}


def meaning(error: SendError) -> str:
    """The one mark an error has, "" for none: it is tried again."""
    marks = ("permanent", "ours", "refused", "perhaps", "away")
    found = [mark for mark in marks if getattr(error, mark)]
    assert len(found) <= 1, found
    return next(iter(found), "")


def each(codes: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, meant) for meant, several in codes.items() for code in several.split()]


@pytest.mark.parametrize(("code", "meant"), each(SLACK))
def test_what_slack_says(code: str, meant: str) -> None:
    error = slack_errors.from_status(200, code, {}, NOW)
    assert (meaning(error), error.reason) == (meant, code)


@pytest.mark.parametrize("code", ["channel_not_found", "invalid_auth", "msg_too_long"])
def test_what_comes_with_a_fault_of_slacks_blames_nobody(code: str) -> None:
    assert meaning(slack_errors.from_status(500, code, {}, NOW)) == "perhaps"


@pytest.mark.parametrize(("code", "meant"), each(TEAMS))
def test_what_teams_says(code: str, meant: str) -> None:
    answer = httpx.Response(400, json={"error": {"code": code}}, request=httpx.Request("POST", "https://x"))
    error = httpx.HTTPStatusError("", request=answer.request, response=answer)
    assert meaning(teams_wire.send_error(error, NOW)) == meant


@pytest.mark.parametrize(("code", "meant"), each(MATRIX))
def test_what_a_homeserver_says(code: str, meant: str) -> None:
    assert meaning(matrix_wire.send_error(matrix_wire.RefusedError(403, code), posting=True)) == meant


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (InvalidToken(), "ours"),
        (Forbidden("Forbidden: bot was blocked by the user"), "permanent"),
        (Forbidden("Forbidden: user is deactivated"), "permanent"),
        (BadRequest("Chat not found"), "permanent"),
        (BadRequest("Message is too long"), "refused"),
        (ChatMigrated(-100), "permanent"),
        (telegram_wire.FloodedError(None), "away"),
        (telegram_wire.NotTelegramError(403), "away"),
        (telegram_wire.ServerFaultError(500), "perhaps"),
    ],
)
def test_what_telegram_says(error: Exception, meant: str) -> None:
    assert meaning(telegram_wire.send_error(error)) == meant
