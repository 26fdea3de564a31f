"""Serves commands to errbot as many times as a line of standard input says, and answers "done"."""

import logging
import sys
from pathlib import Path

from errbot.backends.test import TestBot  # type: ignore[import-not-found]

bot = TestBot(extra_plugin_dir=str(Path(__file__).parent), loglevel=logging.CRITICAL)
bot.bot_config.BOT_ASYNC = False  # one thread, as SQLite wants it, and the faster way
bot.start()
sys.stdout.write("ready\n")
sys.stdout.flush()
for asked in sys.stdin:
    for _ in range(int(asked)):
        bot.push_message("!handledning idag 1h etik")
        answer = bot.pop_message()
        if not answer.startswith("Sparat"):
            raise SystemExit(answer)
    sys.stdout.write("done\n")
    sys.stdout.flush()
