"""What was sent, said and done in a case, and other records to be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from kinerja import database
from kinerja.access import READ, Viewer
from kinerja.contracts import Fact, Json
from kinerja_read.lines import HistoryLine, MessageLine, as_moment


def root_settings(plugin: str) -> dict[str, Json]:
    """A plugin's settings as they stand at the root, for what holds everywhere, such as how to sign in."""
    found = database.rows(
        "SELECT c.settings FROM choice c JOIN unit u ON u.id = c.unit_id WHERE c.plugin = ? AND u.parent_id IS NULL",
        plugin,
    )
    settings: dict[str, Json] = json.loads(found[0][0]) if found else {}
    return settings


def messages(case: str) -> list[MessageLine]:
    """The messages of one case, oldest first; the caller has checked who may see the case."""
    return _messages("o.case_id = ?", [case], 50)


def messages_below(viewer: Viewer, connector: str, line: Sequence[int], limit: int = 100) -> list[MessageLine]:
    """What was sent through one connector for a unit and all below it, newest first, for those who read cases there."""
    if not viewer.may(READ, line):
        return []
    return _messages(f"o.connector = ? AND c.a{len(line) - 1} = ?", [connector, line[-1]], limit, newest=True)


def _messages(where: str, values: list[object], limit: int, *, newest: bool = False) -> list[MessageLine]:
    return [
        MessageLine(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], as_moment(row[7]), database.moment(row[8]),
            row[9] or row[10], row[10], row[11],
        )
        for row in database.rows(
            "SELECT o.id, o.connector, o.kind, o.case_id, o.state, o.sentence, o.attempts, o.created_at, o.done_at, n.name, "
            "u.name, u.zone FROM outgoing o JOIN cases c ON c.id = o.case_id JOIN unit u ON u.id = c.unit_id "
            f"LEFT JOIN person n ON n.id = c.person_id WHERE {where} ORDER BY o.id {'DESC' if newest else ''} LIMIT {int(limit)}",
            *values,
        )
    ]  # fmt: skip


def history(case: str, limit: int = 200) -> list[HistoryLine]:
    """What happened to a case, oldest first, in the words written then; of a long history the newest lines."""
    newest = [
        HistoryLine(as_moment(at), text or "(dihapus)", code)
        for at, text, code in database.rows(
            "SELECT l.at, t.text, l.code FROM log_entry l LEFT JOIN log_text t ON t.unit = l.unit_id AND t.number = l.number "
            f"WHERE l.case_id = ? ORDER BY l.recorded_at DESC, l.unit_id DESC, l.number DESC LIMIT {int(limit)}",
            case,
        )
    ]
    return newest[::-1]


def notes(case: str) -> list[tuple[str, str, str, datetime]]:
    """The notes people wrote on a case: (stage, by, text, when), newest first."""
    return [
        (stage, name, text, as_moment(at))
        for stage, name, text, at in database.rows(
            "SELECT stage, by_name, text, at FROM note WHERE case_id = ? ORDER BY id DESC LIMIT 50", case
        )
    ]


def facts(case: str) -> dict[str, Fact]:
    """The facts of one case by name."""
    return {
        name: Fact(name, json.loads(value) if value is not None else None, label)
        for name, value, label in database.rows("SELECT name, value, label FROM fact WHERE case_id = ?", case)
    }
