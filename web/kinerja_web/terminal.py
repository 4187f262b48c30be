"""What the commands share: starting a kernel for one, and a progress bar."""

from __future__ import annotations

from kinerja.kernel import Config, Kernel
from kinerja_web import hooks

ZONE = "Asia/Jakarta"
"""The zone in which a command's day begins."""


def start(config: Config) -> Kernel:
    """A kernel with the web's sockets opened, on a connected database."""
    kernel = Kernel.start(config, hooks)
    kernel.connect()
    return kernel


def bar(what: str, done: int, total: int) -> None:
    """A progress bar on one line of the terminal."""
    width = 30 * done // max(total, 1)
    print(f"\r{what:<24} [{'#' * width:<30}] {done}/{total}", end="\n" if done >= total else "", flush=True)
