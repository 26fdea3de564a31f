"""The sections of the five guidelines, as their documents head them: every requirement must name one.

`python -m tests.support.headings FOLDER` looks whether they stand in the documents' texts (`000_….txt` …).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

HEADINGS = {
    "000": {"ST-LÄKAREN", "HANDLEDAREN", "VERKSAMHETSCHEFEN"},
    "001": {
        "Verksamhetschef för enhet där AT- och/eller ST-läkare utbildas",
        "Utbildningsansvarig (= studierektor)",
        "Handledare för AT- resp ST-läkare på respektive enhet",
        "Handledare för AT-läkare ansvarar för att",
        "Handledare för ST-läkare ansvarar för att",
    },
    "002": {
        "2. Utbildning och utbildningsprogram",
        "3. Handledning",
        "4. Bedömning av ST-läkarens kompetensutveckling",
        "6. Medicinsk vetenskap",
        "7. Kvalitetsarbete och patientsäkerhetsarbete",
        "8. Kvalitetsgranskning av ST",
    },
    "003": {
        *("Introduktion", "Handledning", "Klinisk tjänstgöring på vårdcentralen", "Sidotjänstgöring"),
        *("Kurser", "ST-möten", "Uppföljning av ST-utbildningen", "Kompetensbedömning"),
        *("Vetenskapligt arbete", "Systematiskt kvalitets- och förbättringsarbete"),
        *("ST-läkarens ansvar", "Chefens ansvar", "Huvudhandledarens uppgifter"),
    },
    "004": {
        "I den personliga handledningen ingår",
        *("Varje gång", "Var 3:e mån", "Var 6:e mån", "Var 12 mån"),
    },
}
DOCUMENTS = {
    "Vem gör vad i nya ST-utbildningen? (Örebro läns landsting, december 2008)": "000",
    "Struktur för utbildning av AT- och ST-läkare inom Landstinget Sörmland (primärvård)": "001",
    "Region Skånes riktlinjer för ST-utbildning (SOSFS 2015:8), januari 2024": "002",
    "Lokala riktlinjer för ST-utbildningen i Allmänmedicin i Region Östergötland": "003",
    "Instruktion för handledning av ST-läkare": "004",
}


def missing(folder: Path) -> Iterator[str]:
    """The headings that do not stand in the text of their document."""
    for number, headings in HEADINGS.items():
        text = _squeezed(next(folder.glob(f"{number}_*.txt")).read_text("utf-8"))
        yield from (f"{number}: {heading}" for heading in headings if _squeezed(heading) not in text)


def _squeezed(text: str) -> str:
    """Without spaces, which the texts have in the midst of headings ("ST - L ÄKAREN")."""
    return "".join(text.split()).casefold()


if __name__ == "__main__":
    not_there = list(missing(Path(sys.argv[1])))
    sys.stdout.write(("\n".join(not_there) or "every heading stands in its guideline") + "\n")
    sys.exit(bool(not_there))
