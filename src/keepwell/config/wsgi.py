"""The web application, as a WSGI server calls it."""

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.config.settings")
_pages = get_wsgi_application()

from keepwell.faces.api import tracking  # noqa: E402 - Django's settings must stand first


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Tracking calls are answered at once; all else passes through Django."""
    if environ["PATH_INFO"].startswith(tracking.PREFIX):
        return tracking.application(environ, start_response)
    return _pages(environ, start_response)


# What was loaded stays: looking through it again for garbage would cost every thousandth event a pause.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
