"""One chain of hashes per unit: what was done cannot be changed or left out without being found.

Entries hold codes and digests; the readable sentence lies beside and can be erased.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from kinerja import database
from kinerja.clock import real_now
from kinerja.contracts import Json
from kinerja.kernel import Kernel
from kinerja.models import Chain, LogEntry, LogText
from kinerja.snapshot import canonical


def write(
    kernel: Kernel,
    unit: int,
    code: str,
    person: int | None,
    case: str,
    text: str,
    data: Json,
    at: datetime | None = None,
) -> None:
    """Add one entry to a unit's chain. Call inside the transaction of what it tells of."""
    assert database.proxy.in_transaction(), "an entry and the head of its chain are written together"
    at = at or kernel.clock.now()
    database.run("INSERT INTO chain (unit_id, number, hash) VALUES (?, 0, '') ON CONFLICT DO NOTHING", unit)
    chain = f"SELECT number + 1, hash FROM chain WHERE unit_id = ? {database.lock_words()}"
    number, previous = database.rows(chain, unit)[0]
    digest = hashlib.sha256(canonical([text, data]).encode()).hexdigest()
    head = link(previous, number, str(database.stored(at)), person, case, code, digest)
    database.insert(
        LogEntry, unit=unit, number=number, previous=previous, hash=head, at=at, recorded_at=real_now(),
        person=person, case=case, code=code, digest=digest,
    )  # fmt: skip
    database.insert(LogText, unit=unit, number=number, text=text)
    database.update(Chain, {"unit": unit}, number=number, hash=head)


def link(previous: str, number: int, at: str, person: int | None, case: str, code: str, digest: str) -> str:
    """The hash that ties an entry to the one before it."""
    return hashlib.sha256(canonical([previous, number, at, person, case, code, digest]).encode()).hexdigest()
