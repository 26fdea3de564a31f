"""Retry-After: how long a platform asks to be left alone."""

from __future__ import annotations

import math
from datetime import datetime
from email.utils import parsedate_to_datetime


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds in a Retry-After header: a number or an HTTP date; None when it says nothing.

    Source: RFC 9110, section 10.2.3.
    """
    try:
        seconds = float(value or "")
    except ValueError:
        seconds = _until(value or "", now)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _until(value: str, now: datetime) -> float:
    try:
        return (parsedate_to_datetime(value) - now).total_seconds()
    except (ValueError, TypeError):
        return math.nan
