"""What a request must be before it is read: its size, its token, a JSON object that the token speaks for.

The checks are those of learn.microsoft.com/azure/bot-service/rest-api/
bot-framework-rest-connector-authentication (section "Connector to bot"): issuer, audience, validity with five
minutes' leeway, signature by one of the published keys, that key's endorsement of the channel, and the
service URL that is part of the token.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt
from starlette.requests import Request

from bot.platforms.bodies import RefusedError, only, small_body
from bot.platforms.teams_keys import Key, Keys, KeysUnavailableError
from bot.platforms.teams_service import Services

MAX_BODY = 256 * 1024
LEEWAY_SECONDS = 300
ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"

_BEARER = re.compile(
    r"Bearer ([A-Za-z0-9_-]{1,4000}\.[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{1,2000})", re.ASCII
)

Claims = Mapping[str, Any]


class Guard:
    """Lets through what Microsoft's connector sends to this bot, and nothing else."""

    def __init__(self, client_id: str, tenant_id: str, services: Services, keys: Keys) -> None:
        self._client_id, self._tenant_id = client_id, tenant_id.casefold()
        self._services, self._keys = services, keys

    async def activity(self, request: Request, now: datetime) -> Mapping[str, Any]:
        """The activity in a request. Raises RefusedError, and ClientDisconnect."""
        claims, key = await self._token(only(request.headers, "authorization") or "", now)
        activity = parse(await small_body(request, MAX_BODY))
        self._belongs(activity, claims, key)
        return activity

    async def _token(self, header: str, now: datetime) -> tuple[Claims, Key]:
        found = _BEARER.fullmatch(header)
        if found is None:
            raise RefusedError(401, "no bearer token")
        try:
            key = await self._keys.find(_kid(found[1]))
        except KeysUnavailableError:
            raise RefusedError(503, "no keys to check a token with") from None
        if key is None:
            raise RefusedError(401, "unknown key")
        return self._claims(found[1], key, now), key

    def _claims(self, token: str, key: Key, now: datetime) -> Claims:
        """Audience, issuer and signature are PyJWT's to check; the time is our own clock's."""
        try:
            claims: Claims = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._client_id,
                issuer=ISSUER,
                options={
                    "require": ["exp", "iss", "aud"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise RefusedError(401, f"token: {type(error).__name__}") from None
        _in_time(claims, now.timestamp())
        return claims

    def _belongs(self, activity: Mapping[str, Any], claims: Claims, key: Key) -> None:
        """The token speaks for this very activity: its service, its channel, and our own tenant.

        Teams names the tenant in every activity: one that names none cannot be shown to be of ours.
        """
        service = activity.get("serviceUrl")
        if not isinstance(service, str) or not self._services.allow(service):
            raise RefusedError(403, "unknown service")
        claimed = claims.get("serviceurl", claims.get("serviceUrl"))
        if not isinstance(claimed, str) or claimed.rstrip("/") != service.rstrip("/"):
            raise RefusedError(401, "the token is for another service")
        if activity.get("channelId") != CHANNEL or not key.speaks_for(CHANNEL):
            raise RefusedError(403, "another channel")
        tenants = {tenant.casefold() for tenant in _tenants(activity)}
        if tenants != {self._tenant_id}:
            raise RefusedError(403, "another tenant" if tenants else "no tenant")


def _kid(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise RefusedError(401, "malformed token") from None
    kid = header.get("kid")
    if header.get("alg") != "RS256" or not isinstance(kid, str):
        raise RefusedError(401, "another algorithm")
    return kid


def _in_time(claims: Claims, now: float) -> None:
    ends, begins = claims.get("exp"), claims.get("nbf", 0)
    if not isinstance(ends, int | float) or not isinstance(begins, int | float):
        raise RefusedError(401, "no times")
    if now >= ends + LEEWAY_SECONDS or now < begins - LEEWAY_SECONDS:
        raise RefusedError(401, "expired, or not valid yet")


def parse(body: bytes) -> Mapping[str, Any]:
    """The object in a body. Raises RefusedError(400)."""
    try:
        parsed = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise RefusedError(400, "malformed body") from None
    if not isinstance(parsed, dict):
        raise RefusedError(400, "body is not an object")
    return parsed


def tenant_of(activity: Mapping[str, Any]) -> str:
    """The tenant that an activity says it comes from, or ""."""
    return next(iter(_tenants(activity)), "")


def _tenants(activity: Mapping[str, Any]) -> list[str]:
    """Every tenant that an activity names, the channel's first."""
    data, conversation = activity.get("channelData"), activity.get("conversation")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    named = (
        tenant.get("id") if isinstance(tenant, dict) else None,
        conversation.get("tenantId") if isinstance(conversation, dict) else None,
    )
    return [each for each in named if isinstance(each, str) and each]
