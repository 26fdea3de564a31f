"""The picture: what it shows, where it stands, and what it looks like in pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from handlers.papers import drawing
from handlers.papers.chart import LEGEND, Chart, Mark, Row, chart
from handlers.papers.layout import EDGE, LINE, MOST_COLUMNS, MOST_ROWS, WIDTH, layout, pages
from handlers.papers.picture import framed, pictures
from handlers.words import Words
from tests.unit.papers.remits import crowd, figures, seen, unit

WORDS = Words("sv", date(2026, 11, 23))
TODAY = date(2026, 11, 23)
EKBACKEN = unit(1, "Ekbacken")
TWO = {"supervision": "overdue", "assessment": "ok"}


def test_a_row_has_a_mark_under_each_requirement_and_none_where_it_does_not_apply() -> None:
    found = chart(
        WORDS, figures([seen(1, "Anna", EKBACKEN, TWO), seen(2, "Bo", EKBACKEN, {"assessment": "soon"})])
    )
    assert len(found.columns) == 2
    assert found.rows == (
        Row("Ekbacken"),
        Row("Anna", (Mark("overdue"), Mark("ok"))),
        Row("Bo", (None, Mark("soon"))),
    )


def test_units_stand_in_the_order_of_their_names() -> None:
    found = chart(WORDS, figures([seen(1, "Anna", unit(1, "Granlund"), TWO), seen(2, "Bo", EKBACKEN, TWO)]))
    assert [row.label for row in found.rows] == ["Ekbacken", "Bo", "Granlund", "Anna"]


def test_where_a_unit_says_so_its_trainees_are_numbered_and_not_in_the_order_of_their_names() -> None:
    quiet = unit(1, "Ekbacken", picture_names=False)
    well = {"supervision": "ok", "assessment": "ok"}
    found = chart(WORDS, figures([seen(1, "Anna", quiet, well), seen(2, "Bo", quiet, TWO)]))
    assert [row.label for row in found.rows] == ["Ekbacken", "ST-läkare 1", "ST-läkare 2"]
    assert found.rows[1].marks == (Mark("overdue"), Mark("ok"))  # Bo's, who has more that waits


def test_who_may_not_see_names_gets_one_row_of_counts_for_the_unit() -> None:
    people = [seen(n, name, EKBACKEN, TWO) for n, name in enumerate(("Anna", "Bo"), 1)]
    found = chart(WORDS, figures(people, frozenset()))
    assert found.rows == (Row("Ekbacken", (Mark("overdue", 2), Mark("ok", 0))),)


def test_a_picture_is_at_most_sixty_rows_and_the_next_begins_with_its_unit() -> None:
    made = chart(WORDS, figures(crowd(MOST_ROWS + 5, EKBACKEN)))
    first, second = pages(made)
    assert (len(first.rows), len(second.rows)) == (MOST_ROWS, 7)
    assert second.rows[0] == Row("Ekbacken")
    assert [row.label for page in (first, second) for row in page.rows if row.marks] == [
        row.label for row in made.rows if row.marks
    ]


def test_every_mark_stands_within_the_width_of_a_telephone_also_with_more_columns_than_fit() -> None:
    count = 2 * MOST_COLUMNS + 1
    row = Row("Anna", tuple(Mark("ok") for _ in range(count)))
    found = layout(Chart(tuple(f"Krav {n}" for n in range(count)), (Row("Ekbacken"), row)), 50)
    assert [cell.column for cell in found.cells] == list(range(count))
    assert all(cell.x >= 0 and cell.x + cell.side <= WIDTH for cell in found.cells)
    assert all(cell.y + cell.side <= found.height for cell in found.cells)
    places = {(cell.x, cell.y) for cell in found.cells}
    assert len(places) == count
    assert sum(text.words == "Anna" for text in found.texts) == 3  # a block for each thirteen


def test_a_block_leaves_out_whom_none_of_its_columns_is_about() -> None:
    ours, theirs = [Mark("ok")] * MOST_COLUMNS, [Mark("soon")]
    rows = (
        *(Row("Ekbacken"), Row("Anna", (*ours, None))),
        *(Row("Granlund"), Row("Cia", (*[None] * MOST_COLUMNS, *theirs))),
    )
    found = layout(Chart(tuple(f"Krav {n}" for n in range(MOST_COLUMNS + 1)), rows), 0)
    labels = [text.words for text in found.texts if text.words in {row.label for row in rows}]
    assert labels == ["Ekbacken", "Anna", "Granlund", "Cia"]


@pytest.mark.parametrize("columns", [1, 26, 39, 40, 65])
def test_no_picture_is_taller_than_telegram_takes_however_many_columns(columns: int) -> None:
    marks = tuple(Mark("ok") for _ in range(columns))
    rows = (Row("Ekbacken"), *(Row(f"Nr {n}", marks) for n in range(70)))
    made = pages(Chart(tuple(f"Krav {n}" for n in range(columns)), rows))
    heights = [layout(page, EDGE + 2.5 * LINE).height for page in made]
    assert all((WIDTH + height) * drawing.SCALE <= 10_000 for height in heights)
    assert sum(bool(row.marks) for page in made for row in page.rows) == 70


@pytest.mark.parametrize(("nameable", "says"), [(None, False), (frozenset[int](), True)])
def test_what_the_numbers_mean_is_said_where_people_are_counted(
    nameable: frozenset[int] | None, says: bool
) -> None:
    of = figures([seen(1, "Anna", EKBACKEN, TWO)], nameable)
    title = framed(WORDS, of, layout(chart(WORDS, of), 0), TODAY).texts[0].words
    assert title.endswith("siffran: så många väntar") == says


def _cell_of(state: str, count: int | None = None) -> Image.Image:
    """The pixels of one mark, cut out of a picture that shows nothing else."""
    found = layout(Chart(("Krav",), (Row("", (Mark(state, count),)),)), 10)
    [cell] = found.cells
    image = Image.open(BytesIO(drawing.draw(replace(found, texts=()))))
    box = [round(v * drawing.SCALE) for v in (cell.x, cell.y, cell.x + cell.side, cell.y + cell.side)]
    return image.convert("RGB").crop((box[0], box[1], box[2], box[3]))


def _without_colour(image: Image.Image) -> bytes:
    """Only what is sign and what is ground: the commonest colour is the ground."""
    pixels = [image.getpixel((x, y)) for y in range(6, image.height - 6) for x in range(6, image.width - 6)]
    ground = max(set(pixels), key=pixels.count)
    return bytes(pixel != ground for pixel in pixels)


def _ground(image: Image.Image) -> object:
    return image.getpixel((image.width // 2, 4))


@pytest.mark.parametrize("how", [_without_colour, _ground], ids=["by the sign alone", "by the colour alone"])
def test_the_states_can_be_told_apart(how: Callable[[Image.Image], object]) -> None:
    assert len({how(_cell_of(state)) for state in LEGEND}) == len(LEGEND)


def test_the_grounds_differ_in_lightness_too_for_who_sees_no_colours() -> None:
    grey = sorted(Image.new("L", (1, 1), drawing.COLOURS[state]).tobytes()[0] for state in LEGEND)
    assert all(lighter - darker >= 8 for darker, lighter in pairwise(grey))


def test_a_count_is_written_in_the_mark() -> None:
    marks = {_without_colour(_cell_of("overdue", count)) for count in (0, 1, 2)}
    assert len(marks) == 3


def test_the_same_remit_gives_the_same_bytes_and_a_png_of_the_width_it_says() -> None:
    made = figures([*crowd(40, EKBACKEN), *crowd(40, unit(2, "Åsbacken"), 100)])
    first, again = pictures(WORDS, made, TODAY), pictures(WORDS, made, TODAY)
    assert [file.content for file in first] == [file.content for file in again]
    assert [(file.name, file.media_type) for file in first] == [
        ("oversikt.png", "image/png"),
        ("oversikt-2.png", "image/png"),
    ]
    assert first[0].shows.startswith("ST-läkare × krav, ")
    assert first[0].shows.endswith("av 80 i fas")
    for file in first:
        with Image.open(BytesIO(file.content)) as image:
            assert (image.format, image.width) == ("PNG", WIDTH * drawing.SCALE)
            assert image.width + image.height <= 10_000  # Telegram's limit for a photo


def test_the_letters_of_swedish_are_drawn_and_not_boxes() -> None:
    font = drawing._font(strong=False)
    box = bytes(font.getmask("\uffff"))
    shown = {bytes(font.getmask(letter)) for letter in "aåäoöÅÄÖé…–·"}
    assert len(shown) == 12
    assert box not in shown


def test_a_name_too_long_for_its_place_is_cut_before_the_marks() -> None:
    def length(words: str) -> float:
        return 10.0 * len(words)

    assert drawing.fitted("Anna", 40, length) == "Anna"
    assert drawing.fitted("Anna Berg", 60, length) == "Anna…"
    assert drawing.fitted("Anna Berg", 70, length) == "Anna B…"
    assert drawing.fitted("Anna", 10, length) == drawing.fitted("Anna", 5, length) == "…"


def test_a_long_name_is_measured_a_few_times_and_not_once_a_letter() -> None:
    measured = Counter[str]()

    def length(words: str) -> float:
        measured[words] += 1
        return float(len(words))

    assert drawing.fitted("A" * 1000, 500, length) == "A" * 499 + "…"
    assert measured.total() < 15


def test_an_empty_remit_has_no_picture() -> None:
    assert pictures(WORDS, figures([]), TODAY) == ()
