"""What no platform would send, and the forms of one header: the same for every platform."""

from __future__ import annotations

from hypothesis import strategies as st

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
"""Anything that JSON can hold, in small."""
RETRY_AFTER = [
    ("30", 30.0),
    ("1.5", 1.5),
    (None, None),
    ("0", 0.0),
    ("-3", 0.0),
    ("snart", None),
    ("inf", None),
    ("", None),
    ("Sun, 22 Nov 2026 09:31:00 GMT", 60.0),
    ("Sun, 22 Nov 2026 09:29:00 GMT", 0.0),
]
"""The header, and the seconds that it asks for at 09:30; None where it names none."""
