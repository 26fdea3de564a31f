"""The certificates that are trusted of who is called: read once, and meanwhile the start goes on."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from ssl import SSLContext

from httpx import create_ssl_context


@cache
def reading() -> Future[SSLContext]:
    """Begin to read them, in a thread: 20 ms for which no other thread has to wait."""
    with_one_thread = ThreadPoolExecutor(1, thread_name_prefix="certificates")
    begun = with_one_thread.submit(create_ssl_context)
    with_one_thread.shutdown(wait=False)
    return begun


def certificates() -> SSLContext:
    """The context that every call is made with, once they are read. Raises OSError where none can be."""
    return reading().result()
