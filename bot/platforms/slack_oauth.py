"""Installing the app in one more workspace: Slack sends the installer back here with a code.

Whoever installs decides who is who in their workspace, so only an operator's link (`handledd install slack`)
lets an installation through, once. Source: https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import logging
import re
from urllib.parse import urlencode

from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.platforms.slack_workspaces import Workspaces
from handlers.words import say_to

PATH = "/slack/oauth"
AUTHORIZE = "https://slack.com/oauth/v2/authorize"
_CODE = re.compile(r"[\x21-\x7e]{1,500}")

log = logging.getLogger("handledd.slack")


def authorize_url(client_id: str, scopes: str, state: str) -> str:
    """Where the one who installs the app begins."""
    return f"{AUTHORIZE}?{urlencode({'client_id': client_id, 'scope': scopes, 'state': state})}"


class OAuth:
    """The end of an installation."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        api_url: str,
        workspaces: Workspaces,
        library_log: logging.Logger,
    ) -> None:
        self._id, self._secret, self._api_url = client_id, client_secret, api_url
        self._workspaces, self._library_log = workspaces, library_log

    async def installed(self, request: Request) -> Response:
        """Trade the code for a token and keep it. Neither is ever logged or shown.

        A HEAD asks what would be answered, as scanners of links do: it must not use the link up.
        """
        if request.method != "GET":
            return Response(status_code=405, headers={"Allow": "GET"})
        registry = self._workspaces.registry
        state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
        if registry is None or not state or not await registry.permits(state):
            return _told("refused", 403)
        found = await self._trade(code) if _CODE.fullmatch(code) else None
        if found is None:
            return _told("failed", 400)
        await registry.install(*found)
        return _told("done")

    async def _trade(self, code: str) -> tuple[str, str, str] | None:
        """Workspace, its name and the bot's token; None where Slack gives none."""
        client = AsyncWebClient(
            base_url=self._api_url,
            retry_handlers=[],
            logger=self._library_log,
            session=self._workspaces.session,
        )
        asked = {"client_id": self._id, "client_secret": self._secret, "code": code}
        try:
            # Not the SDK's own method: it makes its authorization in a way that aiohttp has deprecated.
            answer = await client.api_call("oauth.v2.access", data=asked)
        except Exception as error:  # noqa: BLE001 the SDK raises what it likes; its text may hold the code
            log.warning("an installation failed: %s", type(error).__name__)
            return None
        match answer.data:
            case {"team": {"id": str(workspace), "name": str(name)}, "access_token": str(token)}:
                return workspace, name, token
        log.warning("an installation was for no single workspace")
        return None


def _told(how: str, status: int = 200) -> Response:
    """Who installs the app is nobody we know: in each language."""
    return PlainTextResponse(say_to("", f"install.{how}") + "\n", status)
