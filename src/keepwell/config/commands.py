"""The commands that run the house itself, beside those of the command line's face."""

import threading
from typing import Annotated

import typer

from keepwell import __version__
from keepwell.config import schema, supervise
from keepwell.faces.cli import app
from keepwell.faces.jobs import relaying, worker

Host = Annotated[str, typer.Option(help="Address to listen on.", envvar="KEEPWELL_HOST")]
Port = Annotated[int, typer.Option(help="Port to listen on.", envvar="KEEPWELL_PORT", min=1, max=65535)]
Demo = Annotated[bool, typer.Option(help="Invent a demo customer base on the very first start.")]
Pack = Annotated[str, typer.Option(help="Practice pack to apply on the very first start: saas or agency.")]


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8321, demo: Demo = True, pack: Pack = "saas") -> None:
    """Serve the web pages, the API and the worker from this data folder, until Ctrl-C."""
    supervise.run(host=host, port=port, demo=demo, pack=pack)


@app.command()
def work(concurrency: Annotated[int, typer.Option(help="Jobs at a time.", min=1)] = 2) -> None:
    """Run a worker and a relay alone, for instance on another host with the same DATABASE_URL and data folder."""
    stop = threading.Event()
    carrier = threading.Thread(target=relaying.run, args=(stop,), daemon=True)
    carrier.start()
    worker.run(concurrency=concurrency)
    stop.set()
    carrier.join(timeout=20)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to this version (serve does it by itself)."""
    typer.echo(f"{schema.bring_up_to_date()} migrations applied.")


@app.command()
def version() -> None:
    """The version of Keepwell."""
    typer.echo(f"keepwell {__version__}")


__all__ = ["app"]
