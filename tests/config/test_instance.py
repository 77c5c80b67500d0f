"""Where the folder's own PostgreSQL listens is written by every command and read by the serving process all the while."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from keepwell.config import instance

URL = "postgresql://postgres@/postgres?host=%2Fsome%2Ffolder"


def test_an_address_is_never_read_half_written(tmp_path: Path) -> None:
    instance.record_url(tmp_path, URL)
    with ThreadPoolExecutor(1) as other:
        writing = other.submit(lambda: [instance.record_url(tmp_path, URL) for _ in range(3_000)])
        seen = {URL}
        while not writing.done():
            seen.add(instance.recorded_url(tmp_path))
        writing.result()
    assert seen == {URL}
