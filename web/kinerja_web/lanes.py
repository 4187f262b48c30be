"""`kinerja worker`: each lane of the worker in threads of its own, so that what hangs in one delays nobody in another."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from datetime import timedelta
from itertools import islice

from kinerja.clock import real_now
from kinerja.kernel import Kernel
from kinerja.sentences import say
from kinerja_work import leases
from kinerja_work.worker import LANES, Act

log = logging.getLogger(__name__)
LONGEST = 600.0
"""Seconds one thing may take. What takes longer is given back, and a new thread goes on beside the one that hangs."""
TROUBLE = 5.0
"""Seconds a lane waits after an error of its own, such as a database that is gone."""
ROUND = 200
"""After so many things a lane looks whether a choice of a region, or the demo's date, has changed."""


class Lane(threading.Thread):
    """Does what is due in one lane until *stop* is set. An error is logged and the next round begins."""

    def __init__(self, kernel: Kernel, act: Act, stop: threading.Event, pause: float, lease: timedelta) -> None:
        super().__init__(name=f"{os.getpid()}-{secrets.token_hex(3)}", daemon=True)
        self.kernel, self.act, self.stop, self.pause, self.lease = kernel, act, stop, pause, lease
        self.since = time.monotonic()
        self.troubled = False

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                if self.troubled:  # what it held then would be renewed for ever
                    leases.release([self.name])
                    self.troubled = False
                done = self.once()
            except Exception:
                log.exception("worker")
                self.troubled = True
                self.stop.wait(TROUBLE)
                continue
            finally:
                self.kernel.release()
            if not done:
                self.stop.wait(self.pause)

    def once(self) -> int:
        """Do up to `ROUND` things; returns how many."""
        self.kernel.sync()
        done = 0
        self.since = time.monotonic()
        for _ in islice(self.act(self.kernel, self.name, self.lease), ROUND):
            self.since = time.monotonic()
            done += 1
            if self.stop.is_set():
                break
        return done

    def hangs(self) -> bool:
        """Whether one thing takes too long."""
        return time.monotonic() - self.since > LONGEST


def run(
    kernel: Kernel, stop: threading.Event, pause: float = 1.0, lease: timedelta = leases.LEASE, senders: int = 8
) -> None:
    """Work until *stop* is set: a thread for each lane, and for sending as many as *senders*. What they hold is renewed three
    times a lease, and given back at the end."""
    leases.once_more()
    many = {"sending": senders}
    threads = [Lane(kernel, act, stop, pause, lease) for name, act in LANES.items() for _ in range(many.get(name, 1))]
    for one in threads:
        one.start()
    while not stop.wait(lease.total_seconds() / 3):
        try:
            threads = [_follow(one) for one in threads]
            leases.renew([one.name for one in threads], lease)
        except Exception:
            log.exception("worker")
        finally:
            kernel.release()
    until = time.monotonic() + 10
    for one in threads:
        one.join(max(0.0, until - time.monotonic()))
    leases.release([one.name for one in threads if not one.is_alive()])
    kernel.release()


def _follow(lane: Lane) -> Lane:
    """The lane itself, or a new one in place of one that hangs; what that holds is given back as failed."""
    if not lane.hangs():
        return lane
    log.warning("worker: %s hangs since %s", lane.name, real_now() - timedelta(seconds=LONGEST))
    leases.give_up(lane.name, say("took-too-long"))
    new = Lane(lane.kernel, lane.act, lane.stop, lane.pause, lane.lease)
    new.start()
    return new
