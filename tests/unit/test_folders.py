"""A test run leaves nothing behind outside the folders that pytest keeps and counts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.fakes.process import ROOT

MAKES = """
from tests.support.folders import passing
folder = passing("test")
(folder / "kept").mkdir()
(folder / "kept" / "file").write_text("x")
print(folder, flush=True)
raise SystemExit("and then it failed")
"""


def test_a_folder_is_gone_with_the_process_that_made_it_even_one_that_fails() -> None:
    done = subprocess.run([sys.executable, "-c", MAKES], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.strip()
    assert not Path(done.stdout.strip()).exists()


def test_no_other_place_makes_folders_that_stay() -> None:
    made = {path for path in (ROOT / "tests").rglob("*.py") if "mkd" + "temp(" in path.read_text("utf-8")}
    assert made == {ROOT / "tests" / "support" / "folders.py"}
