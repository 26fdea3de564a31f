"""Folders outside a test's own: for what several tests of a process share. None stays behind."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path


def passing(what: str, within: Path | None = None) -> Path:
    """A new folder that is gone when this process ends, however its tests went."""
    folder = Path(tempfile.mkdtemp(prefix=f"handledd-{what}-", dir=within))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
