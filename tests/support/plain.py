"""HTTP clients for loopback, where nobody shows a certificate."""

from __future__ import annotations

import ssl
from typing import Any

import httpx


def plain(timeout: float = 60, **more: Any) -> httpx.Client:
    """A client to be closed: reading all the world's certificates would take longer than most tests."""
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.Client(verify=nobody, trust_env=False, timeout=timeout, **more)
