"""Where Teams is spoken to: which hosts may be called, and a conversation with its host as one address.

A conversation's service URL comes with each message and is needed for every later one. It decides who gets
the bot's token, so no host is ever called that is not one of Microsoft's, whoever says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

HOSTS = frozenset({"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"})
"""The public cloud's connector and its GCC twin."""
LONGEST = 255
"""What the column of an address holds."""

_URL = re.compile(r"https?://[A-Za-z0-9.-]{1,200}(:[0-9]{1,5})?(/[A-Za-z0-9._~-]{0,100}){0,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Services:
    """The connectors that may be called; `default` is the one for people we have not met yet."""

    default: str

    def allow(self, url: str) -> bool:
        """True for Microsoft's hosts over HTTPS, and for the very host that the operator set."""
        if not _URL.fullmatch(url):
            return False
        parts, ours = urlsplit(url), urlsplit(self.default)
        if (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc):
            return True
        return parts.scheme == "https" and parts.netloc in HOSTS

    def open(self, address: str) -> tuple[str, str]:
        """The service and the conversation in an address; the default where it names no allowed service."""
        conversation, _, service = address.partition(" ")
        return (service if self.allow(service) else self.default), conversation


def address(conversation: str, service: str) -> str:
    """A conversation with its service; without, where both are too long to keep: the default serves then."""
    whole = f"{conversation} {service}"
    return whole if len(whole) <= LONGEST else conversation
