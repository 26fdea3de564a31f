"""Which of httpx's faults show that nothing was sent."""

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
