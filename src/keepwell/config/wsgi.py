"""The web application, as a WSGI server calls it."""

import gc
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.config.settings")
# Many ask at once here: a query that takes several processes makes one page sooner and all others later.
os.environ.setdefault("PGOPTIONS", "-c max_parallel_workers_per_gather=0")
_pages = get_wsgi_application()

from django.conf import settings  # noqa: E402 - Django's settings must stand first
from django.urls import get_resolver  # noqa: E402 - Django's settings must stand first

from keepwell.faces.api import tracking  # noqa: E402 - Django's settings must stand first

LIVE = "/live/"
# Most of a tracking call's time is spent waiting for the disk, and who waits together shares a commit: so many at once.
_seats = threading.BoundedSemaphore(settings.KEEPWELL_THREADS)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Tracking calls are answered at once; all else passes through Django. Streams of changes take nobody's seat."""
    if environ["PATH_INFO"] == LIVE:
        return _pages(environ, start_response)
    with _seats:
        if environ["PATH_INFO"].startswith(tracking.PREFIX):
            return tracking.application(environ, start_response)
        return _pages(environ, start_response)


# All pages are loaded before the first is asked for, and what was loaded stays: looking through it again for garbage would
# cost every thousandth event a pause.
get_resolver().url_patterns  # noqa: B018 - asking loads them
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
