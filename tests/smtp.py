"""A mail server of one's own on the loopback, and what arrived there."""

import mailbox
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

from pytest_django import Settings

PATIENCE_SECONDS = 20


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MailServer:
    """An SMTP server that keeps what it takes; it need not run yet."""

    def __init__(self, folder: Path) -> None:
        self.port, self._box = free_port(), folder / "arrived.mbox"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Take mail meanwhile."""
        command = [sys.executable, "-c", "from fakesmtpd.server import main; main()"]
        told = ["--bind", "127.0.0.1", "--port", str(self.port), "--output-filename", str(self._box)]
        server = subprocess.Popen([*command, *told])
        try:
            self._wait()
            yield
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def arrived(self) -> list[Message]:
        """The mails that it took, in order."""
        if not self._box.exists():
            return []
        box = mailbox.mbox(self._box)
        try:
            return list(box)
        finally:
            box.close()


def use(server: MailServer, settings: Settings) -> None:
    """Let Keepwell send through this server."""
    settings.KEEPWELL_SMTP = {"host": "127.0.0.1", "port": server.port}
    settings.KEEPWELL_URL = "https://keepwell.fernhill.test"
    settings.KEEPWELL_MAIL_FROM = "Keepwell <keepwell@fernhill.test>"
