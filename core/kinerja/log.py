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
    Chain.insert(unit=unit).on_conflict_ignore().execute()
    chain = database.locked(Chain.select().where(Chain.unit == unit)).get()
    number = chain.number + 1
    digest = hashlib.sha256(canonical([text, data]).encode()).hexdigest()
    head = link(chain.hash, number, str(database.stored(at)), person, case, code, digest)
    LogEntry.insert(
        unit=unit, number=number, previous=chain.hash, hash=head, at=at, recorded_at=real_now(),
        person=person, case=case, code=code, digest=digest,
    ).execute()  # fmt: skip
    LogText.insert(unit=unit, number=number, text=text).execute()
    Chain.update(number=number, hash=head).where(Chain.unit == unit).execute()


def link(previous: str, number: int, at: str, person: int | None, case: str, code: str, digest: str) -> str:
    """The hash that ties an entry to the one before it."""
    return hashlib.sha256(canonical([previous, number, at, person, case, code, digest]).encode()).hexdigest()
