"""Send the messages of the outbox: at least once, in order by case, each under a lease."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from typing import Any

import peewee

from kinerja import database, people, settings
from kinerja.clock import real_now
from kinerja.contracts import Message, Receipt
from kinerja.kernel import Kernel
from kinerja.models import Case, Outgoing
from kinerja.sentences import say
from kinerja_office import requests

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
"""How long one worker may hold a message before another may take it over."""
ASIDE = 3600
"""Seconds until a message is looked at again whose plugin is off or not installed."""
PATIENCE = (10, 30, 60, 300, 900, 3600)
"""Seconds until the next try, by number of tries so far; the last holds from then on."""


def claim(worker: str, limit: int = 10, lease: timedelta = LEASE) -> list[Outgoing]:
    """Take up to *limit* due messages under a lease, so that no other worker sends them meanwhile; of one case only
    the oldest that is not done."""
    now = real_now()
    with database.proxy.atomic():
        older = Outgoing.alias()
        first = (
            older.select(older.id)
            .where(
                (older.case == Outgoing.case) & (older.connector == Outgoing.connector)
                & older.done_at.is_null() & older.state.in_(["waiting", "again"]) & (older.id < Outgoing.id) & (Outgoing.case != "")
            )
        )  # fmt: skip
        query = (
            Outgoing.select()
            .where(
                Outgoing.done_at.is_null()  # as the index over what is open says it
                & Outgoing.state.in_(["waiting", "again"])
                & (Outgoing.due_at <= now)
                & (Outgoing.lease_until.is_null() | (Outgoing.lease_until < now))
                & ~peewee.fn.EXISTS(first)
            )
            .order_by(Outgoing.due_at, Outgoing.id)
            .limit(limit)
        )
        if not database.is_sqlite():
            query = query.for_update("FOR UPDATE SKIP LOCKED")  # type: ignore[arg-type]  # peewee takes the clause itself
        found = list(query)
        ids = [one.id for one in found]
        if ids:
            Outgoing.update(lease_until=now + lease, lease_by=worker).where(Outgoing.id.in_(ids)).execute()
    return found


def deliver(kernel: Kernel, message: Outgoing, worker: str) -> Receipt:
    """Send one claimed message through its connector and keep what came of it. The call itself is outside any
    transaction; a connector that fails is tried again later."""
    try:
        receipt = _sent(kernel, message)
        _keep(message, receipt, worker)
    except Exception:
        log.exception("message %s", message.id)
        receipt = Receipt("again", say("sending-failed"))
        _keep(message, receipt, worker)
    return receipt


def _sent(kernel: Kernel, message: Outgoing) -> Receipt:
    connector = kernel.host.registry.connectors.get(message.connector)
    case = Case.get_or_none(Case.id == message.case)
    line = case.unit.line if case is not None else []
    if connector is None or connector.send is None:
        return Receipt("again", say("connector-missing", connector=message.connector), wait=ASIDE)
    if message.plugin not in settings.enabled(kernel, line):
        return Receipt("again", say("sending-off"), wait=ASIDE)
    person = case.person_id if case is not None else None
    waiting = [one.label for one in requests.open_values(person)] if person is not None else []
    if waiting:
        return Receipt("again", say("request-holds", what=", ".join(dict.fromkeys(waiting))), wait=ASIDE)
    values = settings.state(kernel, line, message.plugin).settings
    secrets = {name: os.environ.get(name, "") for name in connector.secrets}
    send = connector.send
    numbers = people.known(kernel, [person])[person][0] if person is not None else {}
    told = Message(message.key, message.connector, message.kind, {**message.payload, "ids": numbers})
    answer = kernel.host.guarded(message.plugin, "send", lambda: send(told, values, secrets), Receipt)
    return answer.value or Receipt("again", say("sending-failed"))


def _keep(message: Outgoing, receipt: Receipt, worker: str) -> None:
    tries = message.attempts + 1
    values: dict[str, Any] = {
        "state": receipt.outcome, "attempts": tries, "sentence": receipt.sentence.replace("\0", ""), "lease_until": None, "lease_by": "",
        "reference": (receipt.reference or message.reference).replace("\0", "")[:255],
    }  # fmt: skip
    if receipt.outcome == "again":
        values["due_at"] = real_now() + timedelta(seconds=receipt.wait or PATIENCE[min(tries, len(PATIENCE)) - 1])
    else:
        values["done_at"] = real_now()
    Outgoing.update(**values).where((Outgoing.id == message.id) & (Outgoing.lease_by == worker)).execute()
