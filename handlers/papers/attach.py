"""What goes along with a message, drawn at the sending, after looking again what its reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.desk import Desk
from handlers.digests.digest import digest_of
from handlers.message import File, Message
from handlers.papers.asked import made, take_apart
from handlers.papers.picture import pictures
from handlers.papers.sheets import sheets
from handlers.people import own_training
from handlers.privacy.mydata import files
from schedules.digests.figures import Figures
from schedules.habits import Habits

PICTURE, WORKBOOK, HISTORY, MY_DATA = "picture", "workbook", "history", "my_data"


def with_papers(desk: Desk, message: Message) -> Message:
    """The message with the files of the papers it names; an empty remit has none."""
    if not message.papers:
        return message
    named = [asked for paper in message.papers if (asked := take_apart(paper))]
    files = [made(desk, asked) for asked in named]
    if None in files:  # who asked may no longer have it: the answer says so instead of what was asked for
        return Message(desk.words.say("refused.may_not"), private=message.private, replaces=message.replaces)
    shown = drawn(desk, message.papers) if len(named) < len(message.papers) else ()
    return replace(message, files=(*message.files, *shown, *filter(None, files)), papers=())


def drawn(desk: Desk, papers: Sequence[str], found: Figures | None = None) -> tuple[File, ...]:
    """The papers of a reader's remit as it is now; `found` where its figures are at hand."""
    if HISTORY in papers:
        return _history(desk)
    if MY_DATA in papers:
        return files(desk)
    found = found or digest_of(desk.session, desk.person, desk.now, desk.today)
    seen = pictures(desk.words, found, desk.today) if PICTURE in papers else ()
    return (*seen, *(_workbook(desk, found) if WORKBOOK in papers else ()))


def _history(desk: Desk) -> tuple[File, ...]:
    """The reader's own history, signed; nothing for who is no trainee (any longer)."""
    from handlers.portable import giving, history  # rare as well

    trainee = own_training(desk.session, desk.person)
    if trainee is None:
        return ()
    content = history.signed(giving.history_of(desk.session, trainee, desk.now, desk.today))
    return (File(f"{desk.words.say('carry.file')}.json", content, history.MEDIA_TYPE),)


def wanted(habits: Habits) -> tuple[str, ...]:
    """What goes along with the digest."""
    chosen = ((PICTURE, habits.digest_picture), (WORKBOOK, habits.digest_workbook))
    return tuple(paper for paper, goes_along in chosen if goes_along)


def _workbook(desk: Desk, found: Figures) -> tuple[File, ...]:
    from handlers.papers.workbook import MEDIA_TYPE, workbook  # a workbook is rare, and its library heavy

    pages = sheets(desk, found)
    name = f"{desk.words.say('sheet.file')}.xlsx"
    return (File(name, workbook(pages, desk.now), MEDIA_TYPE),) if pages else ()
