"""The shared suite is no test file by name, and still says what differed."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.contract.suite")
