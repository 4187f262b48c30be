"""Messages to outside systems, written with the change they tell of; `kinerja_work.delivery` sends them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kinerja.clock import real_now
from kinerja.contracts import Held, Message
from kinerja.kernel import Kernel
from kinerja.models import Outgoing


def add(kernel: Kernel, plugin: str, messages: Iterable[Message], case: str, at: datetime) -> None:
    """Keep messages a plugin made of a change. A key that is there already is the same message; nothing is doubled.

    A message of the same case and kind that still waits and is older is dropped: the newer one says all it said.
    """
    for message in messages:
        _check(message)
        now = real_now()
        Outgoing.update(state="replaced", done_at=now).where(
            (Outgoing.case == case) & (Outgoing.kind == message.kind) & (Outgoing.connector == message.connector)
            & Outgoing.state.in_(["waiting", "again"]) & (Outgoing.key != message.key) & Outgoing.lease_until.is_null()
        ).execute()  # fmt: skip
        Outgoing.insert(
            key=message.key, plugin=plugin, connector=message.connector, kind=message.kind, case=case,
            payload=dict(message.payload), due_at=now, created_at=now,
        ).on_conflict_ignore().execute()  # fmt: skip
        Outgoing.update(state="waiting", due_at=now, done_at=None).where(
            (Outgoing.key == message.key) & (Outgoing.state == "replaced")
        ).execute()


def keep(kernel: Kernel, plugin: str, connector: str, made: Message | Held | None, case: str, at: datetime) -> None:
    """Keep what a connector says is due of a case: its message, or one row that says why there is none ("held", or
    "unsent" where it waits for nothing). That row stays while it is so, and goes when the message comes."""
    key = f"held:{connector}:{case}"
    if isinstance(made, Held):
        add(kernel, plugin, [Message(key, connector, made.kind, {})], case, at)
        Outgoing.update(state="unsent" if made.final else "held", sentence=made.sentence).where(
            Outgoing.key == key
        ).execute()
    else:
        Outgoing.delete().where(Outgoing.key == key).execute()
        add(kernel, plugin, [made] if made is not None else [], case, at)


def _check(message: Any) -> None:
    """Raise TypeError for what is no message, before any statement: the change it came of must not suffer."""
    if not isinstance(message, Message) or not isinstance(message.payload, Mapping):
        raise TypeError(f"bukan Message yang utuh: {type(message).__name__}")
    for name in ("key", "connector", "kind"):
        text = getattr(message, name)
        if not isinstance(text, str) or not 0 < len(text) <= 255 or "\0" in text:
            raise TypeError(f"Message.{name} harus teks 1 sampai 255 huruf")
    json.dumps(message.payload)
