"""Every trap of the libraries is put back, one at a time, in a copy of the source: its guard's test goes red.

A row is a file, the guard that stands in it, what stands there without the guard, and the test that must
notice. A guard that is reworded must be reworded here too: a row whose guard is not found fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.fakes.process import ROOT

COPIED = ("bot", "handlers", "schedules", "storage", "tests", "pyproject.toml")
CORES = os.cpu_count() or 1
Done = subprocess.CompletedProcess[str]
GREEN, RED = 0, 1
"""pytest's exit statuses. Anything else (2-5: cannot be collected, no such test) is neither."""


@dataclass(frozen=True, slots=True)
class Trap:
    """A guard taken away."""

    name: str
    file: str
    guard: str
    without: str
    test: str


FLOORS = "tests/unit/test_floors.py::test_a_file_imports_only_its_own_floor_and_those_below"
SLACK, TELEGRAM, TEAMS = "tests/contract/slack", "tests/contract/telegram", "tests/contract/teams"
TRAPS = (
    Trap(
        "slack_sdk posts again after a dropped connection",
        "bot/platforms/slack_sending.py",
        "            retry_handlers=[],\n            logger=library_log,",
        "            logger=library_log,",
        f"{SLACK}/test_slack_out.py::test_a_dropped_connection_is_not_posted_again",
    ),
    Trap(
        "slack_sdk posts again to a response_url",
        "bot/platforms/slack_sending.py",
        "logger=library_log, retry_handlers=[], session=self._session",
        "logger=library_log, session=self._session",
        f"{SLACK}/test_slack_out.py::test_a_dropped_response_url_is_not_posted_again",
    ),
    Trap(
        "SQLite's default transactions lose updates",
        "storage/engine.py",
        'cursor.execute("BEGIN IMMEDIATE")',
        'cursor.execute("BEGIN")',
        "tests/contract/storage/test_sqlite_writers.py::test_no_update_is_lost_between_processes",
    ),
    Trap(
        "APScheduler skips a job that is a second late",
        "bot/metronome.py",
        '"misfire_grace_time": None, ',
        "",
        "tests/integration/test_metronome.py::test_a_beat_that_is_late_is_played_once",
    ),
    Trap(
        "APScheduler plays every beat it missed",
        "bot/metronome.py",
        '"coalesce": True',
        '"coalesce": False',
        "tests/integration/test_metronome.py::test_a_beat_that_is_late_is_played_once",
    ),
    Trap(
        "APScheduler begins a beat before the last one ended",
        "bot/metronome.py",
        '"max_instances": 1',
        '"max_instances": 2',
        "tests/integration/test_metronome.py::test_no_beat_begins_before_the_last_one_ended",
    ),
    Trap(
        "APScheduler's jobs in a store that two processes share",
        "bot/metronome.py",
        '            timezone="UTC", job_defaults',
        '            jobstores={"default": {"type": "sqlalchemy", "url": "sqlite:///beats.sqlite"}},\n'
        '            timezone="UTC", job_defaults',
        "tests/integration/test_metronome.py::test_a_metronomes_jobs_are_in_its_own_memory",
    ),
    Trap(
        "APScheduler 3.11.0 hangs at the autumn clock change",
        "pyproject.toml",
        "apscheduler>=3.11.2,<3.12",
        "apscheduler>=3.11,<3.12",
        "tests/integration/test_metronome.py"
        "::test_no_apscheduler_is_let_in_that_hangs_at_the_autumn_clock_change",
    ),
    Trap(
        "Bolt acknowledges before the listener has run",
        "bot/platforms/slack.py",
        "            reply = await self._heard(incoming)\n",
        "            asyncio.ensure_future(self._heard(incoming))\n            reply = Reply(Message(''))\n",
        f"{SLACK}/test_slack_in.py::test_what_was_not_saved_is_delivered_again",
    ),
    Trap(
        "Bolt runs a handler once for each delivery",
        "handlers/receive.py",
        "    if inbox_id is None:\n        return _again(session, incoming)\n",
        "    inbox_id = inbox_id or 1\n",
        "tests/integration/test_duplicates.py::test_what_is_delivered_again_is_answered_again_and_saved_once",
    ),
    Trap(
        "a delivery has another key each time",
        "bot/platforms/slack_incoming.py",
        "delivery_key=f\"evt:{identifier(body, 'event_id')}\",\n"
        '        at=moment(stamp_in(event, "event_ts") if',
        'delivery_key=f"evt:{id(object())}",\n        at=moment(stamp_in(event, "event_ts") if',
        f"{SLACK}/test_slack_in.py::test_the_same_delivery_has_the_same_key_and_a_retry_is_never_dropped",
    ),
    Trap(
        "dropping on X-Slack-Retry-Num loses events",
        "bot/platforms/slack.py",
        "            raw = await signed_body(request, self._secret, self._clock())\n",
        "            raw = await signed_body(request, self._secret, self._clock())\n"
        '            if "x-slack-retry-num" in request.headers:\n'
        "                return Response(status_code=200)\n",
        f"{SLACK}/test_slack_in.py::test_the_same_delivery_has_the_same_key_and_a_retry_is_never_dropped",
    ),
    Trap(
        "Bolt answers 500 to a timestamp in words",
        "bot/platforms/slack_guard.py",
        're.compile(r"[0-9]{1,12}", re.ASCII)',
        're.compile(r".*")',
        f"{SLACK}/test_slack_forged.py::test_a_forged_request_is_refused_in_silence",
    ),
    Trap(
        "Bolt answers 500 to a signature outside ASCII",
        "bot/platforms/slack_guard.py",
        're.compile(r"v0=[0-9a-f]{64}", re.ASCII)',
        're.compile(r".*")',
        f"{SLACK}/test_slack_forged.py::test_a_signature_that_is_not_ascii_is_refused",
    ),
    Trap(
        "Bolt takes a stamp from five minutes ahead",
        "bot/platforms/slack_guard.py",
        "MAX_AHEAD_SECONDS = 5\n",
        "MAX_AHEAD_SECONDS = 300\n",
        f"{SLACK}/test_slack_forged.py::test_a_request_is_good_for_five_minutes",
    ),
    Trap(
        "Slack's names are matched byte for byte",
        "bot/platforms/slack_text.py",
        'unicodedata.normalize("NFC", text)',
        "text",
        f"{SLACK}/test_slack_in.py::test_swedish_letters_come_through_in_one_form",
    ),
    Trap(
        "no platform takes a command's name with Swedish letters",
        "handlers/commands/table.py",
        '"andra", "Ändra det senaste',
        '"ändra", "Ändra det senaste',
        f"{TELEGRAM}/test_telegram_start.py::test_the_menu_is_set_in_each_language_from_the_command_table",
    ),
    Trap(
        "PTB moves the offset past what was not processed",
        "bot/platforms/telegram_poll.py",
        "            self._window.failed(update.update_id)\n            return\n",
        "",
        f"{TELEGRAM}/test_telegram_polling.py::test_an_update_that_raised_comes_again_with_the_same_key",
    ),
    Trap(
        "PTB's webhook answers 200 before an update is processed",
        "bot/platforms/telegram.py",
        "            await self._take(update)\n        except incoming",
        "            asyncio.ensure_future(self._take(update))\n        except incoming",
        f"{TELEGRAM}/test_telegram_webhook.py"
        "::test_an_update_that_raised_is_asked_for_again_and_a_duplicate_keeps_its_key",
    ),
    Trap(
        "PTB handles the same update_id twice",
        "bot/platforms/telegram_incoming.py",
        'key = f"upd:{_number(update.update_id, 0)}"',
        'key = f"upd:{id(update)}"',
        f"{TELEGRAM}/test_telegram_webhook.py"
        "::test_an_update_that_raised_is_asked_for_again_and_a_duplicate_keeps_its_key",
    ),
    Trap(
        "PTB's Application brings a JobQueue, one more APScheduler",
        "bot/platforms/telegram.py",
        "from telegram import Bot, Update\n",
        "from telegram import Bot, Update\nfrom telegram.ext import JobQueue\n",
        f"{FLOORS}[bot/platforms/telegram.py]",
    ),
    Trap(
        "the Teams SDK's App loads .env at import and binds every interface",
        "bot/platforms/teams_wire.py",
        "from microsoft_teams.common import Client, ClientOptions\n",
        "from microsoft_teams.apps import App\nfrom microsoft_teams.common import Client, ClientOptions\n",
        f"{FLOORS}[bot/platforms/teams_wire.py]",
    ),
    Trap(
        "PTB handles an edit like a new message",
        "bot/platforms/telegram_incoming.py",
        "_words(update.edited_message, IncomingKind.EDIT, key, me)",
        "_words(update.edited_message, IncomingKind.TEXT, key, me)",
        f"{TELEGRAM}/test_telegram_polling.py::test_an_edit_names_the_message_it_changes",
    ),
    Trap(
        "PTB's commands know no å, ä and ö",
        "bot/platforms/telegram_incoming.py",
        'COMMAND = re.compile(r"/(?P<name>\\w+)',
        'COMMAND = re.compile(r"/(?P<name>[a-z0-9_]+)',
        f"{TELEGRAM}/test_telegram_pure.py::test_in_a_group_only_what_is_addressed_to_us_is_ours",
    ),
    Trap(
        "no limiter keeps a message a second in a chat",
        "bot/lane.py",
        "        if self._limits.chat_seconds:\n",
        "        if False:\n",
        "tests/unit/bot/test_lane.py::test_a_second_between_two_to_one_chat_and_the_others_do_not_wait",
    ),
    Trap(
        "httpx logs Telegram's token in every URL",
        "bot/logs.py",
        'CHATTY = ("httpx", "httpcore", "telegram", ',
        "CHATTY = (",
        f"{TELEGRAM}/test_telegram_logs.py::test_quieted_nothing_written_or_secret_is_logged",
    ),
    Trap(
        "a secret is logged by whoever logs at DEBUG",
        "bot/logs.py",
        "            handler.addFilter(guard)\n",
        "            pass\n",
        f"{TELEGRAM}/test_telegram_logs.py::test_with_every_logger_at_debug_the_token_is_masked",
    ),
    Trap(
        "the Teams SDK fetches signing keys in the event loop",
        "bot/platforms/teams_wire.py",
        "        answer = await self._client.http.get(url)\n",
        "        answer = httpx.get(url, timeout=3, trust_env=False)\n",
        f"{TEAMS}/test_teams_forged.py::test_a_stuck_key_server_holds_up_nobody_else",
    ),
    Trap(
        "the Teams SDK fetches keys for whoever makes up a key's name",
        "bot/platforms/teams_keys.py",
        "PAUSE = timedelta(minutes=1)",
        "PAUSE = timedelta(0)",
        f"{TEAMS}/test_teams_forged.py::test_unknown_keys_cost_one_refresh_a_minute_at_most",
    ),
    Trap(
        "the Teams SDK answers 500 to a malformed body",
        "bot/platforms/teams_guard.py",
        '    except (ValueError, RecursionError):\n        raise RefusedError(400, "malformed body")',
        '    except KeyError:\n        raise RefusedError(400, "malformed body")',
        f"{TEAMS}/test_teams_forged.py::test_a_malformed_body_is_refused_though_rightly_signed",
    ),
    Trap(
        "Teams repeats an activity with a new id",
        "bot/platforms/teams_incoming.py",
        '(text_in(body, "localTimestamp") or stamp or message, raw)',
        "(message, raw)",
        f"{TEAMS}/test_teams_in.py::test_a_repeated_message_has_the_same_key_though_its_id_is_new",
    ),
    Trap(
        "Teams leaves <at> around the names in a text",
        "bot/platforms/teams_incoming.py",
        'html.unescape(_AT.sub(r"\\1", text))',
        "html.unescape(text)",
        f"{TEAMS}/test_teams_in.py::test_a_mention_reads_as_it_was_written",
    ),
    Trap(
        "the Teams SDK makes httpx log every URL",
        "bot/platforms/teams_wire.py",
        '        logging.getLogger("httpx").setLevel(logging.WARNING)',
        "        pass",
        f"{TEAMS}/test_teams_out.py::test_the_sdk_does_not_make_httpx_talk",
    ),
    Trap(
        "dateparser takes 12/11 for 2012 and a length for a day",
        "handlers/language/finders/findings.py",
        "    found.spans = find_dates(found.line, found.words, found.today, hidden)\n",
        "    from dateparser.search import search_dates\n"
        "    from handlers.language.days.spans import Point\n\n"
        '    read = search_dates(found.line.written(0), languages=["sv"]) or ()\n'
        '    found.spans = [Span("on", Point(exact=day.date())) for _, day in read]\n',
        "tests/unit/language/test_reader_corpus.py::test_the_golden_lines_are_read_right",
    ),
    Trap(
        "holidays leaves Midsommarafton and Julafton out unless asked",
        "schedules/calendar.py",
        'categories=("de_facto",)',
        'categories=("public",)',
        "tests/unit/schedules/test_work_calendar.py",
    ),
    Trap(
        "holidays counts Skärtorsdag and klämdagar when asked for too much",
        "schedules/calendar.py",
        'categories=("de_facto",)',
        'categories=("de_facto", "optional")',
        "tests/unit/schedules/test_work_calendar.py",
    ),
    Trap(
        "holidays has no Sundays unless asked",
        "schedules/calendar.py",
        "d.weekday() < _SATURDAY and d not in",
        "d not in",
        "tests/unit/schedules/test_work_calendar.py",
    ),
    Trap(
        "a server binds every interface",
        "bot/settings.py",
        'host: str = "127.0.0.1"',
        'host: str = "0.0.0.0"',
        "tests/acceptance/test_run.py::test_only_this_machine_is_listened_to_unless_it_is_told_otherwise",
    ),
)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Done]]]:
    """What pytest said, by trap, and "" for none of them: each core spoils a copy of its own."""
    copies: SimpleQueue[Path] = SimpleQueue()
    for _ in range(CORES):
        copies.put(copy(tmp_path_factory.mktemp("trapped")))
    tests = dict.fromkeys(trap.test for trap in TRAPS)
    with ThreadPoolExecutor(CORES) as pool:
        # The longest first.
        found = {"": pool.submit(borrow, copies, lambda folder: run(folder, *tests))}
        found |= {trap.name: pool.submit(borrow, copies, partial(fall_into, trap=trap)) for trap in TRAPS}
        yield found
        for each in found.values():
            each.cancel()


def copy(folder: Path) -> Path:
    """The source and its tests, to be spoilt."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def borrow(copies: SimpleQueue[Path], work: Callable[[Path], Done]) -> Done:
    """Do something in a copy that nobody else uses meanwhile."""
    folder = copies.get()
    try:
        return work(folder)
    finally:
        copies.put(folder)


def fall_into(folder: Path, trap: Trap) -> Done:
    """Take the guard away, run its test, put it back."""
    file = folder / trap.file
    right = file.read_text("utf-8")
    assert right.count(trap.guard) == 1, f"the guard against {trap.name} is not where it was: {trap.file}"
    file.write_text(right.replace(trap.guard, trap.without), "utf-8")
    try:
        return run(folder, trap.test)
    finally:
        file.write_text(right, "utf-8")


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_without_its_guard_a_trap_is_noticed(outcomes: dict[str, Future[Done]], trap: Trap) -> None:
    done = outcomes[trap.name].result()
    assert done.returncode == RED, f"{trap.test} does not notice that {trap.name}:\n{done.stdout[-2000:]}"


def test_the_copy_is_green_while_its_guards_stand(outcomes: dict[str, Future[Done]]) -> None:
    """Else each of them would be red for a reason of its own."""
    done = outcomes[""].result()
    assert done.returncode == GREEN, done.stdout[-4000:]


def run(folder: Path, *tests: str) -> Done:
    """pytest on some tests of the copy."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HANDLEDD_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", *tests],
        cwd=folder,
        env={**plain, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
