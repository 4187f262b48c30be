"""The worker: jobs, timers and the outbox, in that order, again and again. Any number may run side by side."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from datetime import timedelta

from kinerja import database
from kinerja.kernel import Kernel
from kinerja_work import delivery, jobs, timers

log = logging.getLogger(__name__)


def run_once(kernel: Kernel, worker: str = "worker", lease: timedelta = delivery.LEASE) -> int:
    """Do all that is due now; returns how many things were done. Tests and commands call this directly."""
    done = 0
    with database.connection():
        while True:
            kernel.sync()
            step = jobs.run_due(kernel, lease) + timers.run_due(kernel, lease)
            for message in delivery.claim(worker, lease=lease):
                delivery.deliver(kernel, message, worker)
                step += 1
            done += step
            if not step:
                return done


def run(kernel: Kernel, stop: threading.Event, pause: float = 1.0, lease: timedelta = delivery.LEASE) -> None:
    """Work until *stop* is set. An error is logged and the next round begins, so that one bad row stops nobody."""
    name = f"{os.getpid()}-{secrets.token_hex(3)}"
    while not stop.is_set():
        try:
            run_once(kernel, name, lease)
        except Exception:
            log.exception("worker")
            stop.wait(5)
        stop.wait(pause)
