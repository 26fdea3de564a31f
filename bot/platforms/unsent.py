"""What shows that nothing was sent: some of httpx's faults, and some answers that are not the platform's."""

from __future__ import annotations

import httpx

NOT_SENT = (
    httpx.ConnectError,  # refused, unknown name, failed handshake
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
"""Faults before the first byte of the body went out; every other fault may have come after the last."""


def is_between(status: int) -> bool:
    """Whether an answer in another form than the platform's own comes from something on the way to it.

    A proxy that wants a name, a page that blocks, a portal, an address that moved: nothing was sent, and
    neither the message nor its address is at fault.
    """
    return 300 <= status < 400 or status in (403, 404, 407, 451, 511)
