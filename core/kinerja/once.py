"""Done once: what is asked under a key is done the first time, and every later time answered as it was then.

A browser itself sends a form twice when its line dies before the answer, and people press twice. The key comes from the
page, so each form that is drawn carries one of its own. Changes of a case have theirs in `workflow.apply`, kept in the
same table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import peewee

from kinerja import database
from kinerja.contracts import Json
from kinerja.models import Applied
from kinerja.sentences import refuse_if
from kinerja.snapshot import canonical

KEPT = timedelta(days=60)
"""How long what was asked outside a case can be sent once more; what belongs to a case is kept with it."""


def digest_of(*told: Json) -> str:
    """What is asked, as one short text: the same for the same."""
    return hashlib.sha256(canonical(list(told)).encode()).hexdigest()


def before(key: str, digest: str, actor: int | None) -> Json:
    """What was answered under a key, or None where it is new. Refused where somebody else or something else had it."""
    found = database.rows("SELECT digest, actor, result FROM applied WHERE key = ?", key)
    refuse_if(found and found[0][:2] != (digest, actor), "key-reused")
    return json.loads(found[0][2]) if found else None


def once(key: str, digest: str, actor: int | None, do: Callable[[], Json], at: datetime, case: str = "") -> Json:
    """Do something under a key in one transaction; a twin waits for its end and gets the same answer. Where *do*
    answers None nothing was done that counts, and the key stays free; so it does where it raises."""
    answered = before(key, digest, actor)
    if answered is not None:
        return answered
    try:
        with database.proxy.atomic():
            database.insert(
                Applied, key=key, actor=actor, case=case, digest=digest, result={}, at=at
            )  # here a twin waits
            answered = do()
            mine = Applied.key == key
            if answered is None:
                Applied.delete().where(mine).execute()
            else:
                Applied.update(result=answered).where(mine).execute()
            return answered
    except peewee.IntegrityError:
        answered = before(key, digest, actor)
        if answered is None:
            raise
        return answered


def forget(at: datetime) -> None:
    """Drop the keys outside cases that nobody sends any more. Called by the daily sweep."""
    Applied.delete().where((Applied.case == "") & (Applied.at < at - KEPT)).execute()
