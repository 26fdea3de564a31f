"""A workbook as LibreOffice understands it: opened headless, saved as flat XML, and read from there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

OFFICE = os.environ.get("LIBREOFFICE") or shutil.which("soffice") or "/usr/bin/soffice"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_KIND = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds something: float, date, time or string; `formula` where it is reckoned out."""

    kind: str
    text: str
    formula: str | None


def opened(content: bytes, folder: Path) -> dict[str, list[list[Cell]]]:
    """The sheets by name, each a list of rows of filled cells, with LibreOffice's own view of them.

    It runs with a profile of its own, so that none of the machine is read or written.
    """
    source = folder / "book.xlsx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    told = subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", "fods", "--outdir", str(folder), str(source)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    made = folder / "book.fods"
    assert made.exists(), f"LibreOffice made nothing of it: {told.stdout} {told.stderr}"
    tree = ElementTree.parse(made)
    return {table.get(f"{_TABLE}name", ""): list(_rows(table)) for table in tree.iter(f"{_TABLE}table")}


def _rows(table: ElementTree.Element) -> Iterator[list[Cell]]:
    for row in table.iter(f"{_TABLE}table-row"):
        cells = [_cell(each) for each in row.iter(f"{_TABLE}table-cell") if each.get(_KIND)]
        if cells:
            yield cells


def _cell(of: ElementTree.Element) -> Cell:
    text = "\n".join("".join(part.itertext()) for part in of.iter(_TEXT))
    return Cell(of.get(_KIND, ""), text, of.get(f"{_TABLE}formula"))
