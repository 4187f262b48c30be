"""What was sent, said and done in a case, and other records to be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from kinerja import access, database
from kinerja.access import PLUGINS, Viewer
from kinerja.contracts import Json
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.sentences import say
from kinerja_read.lines import HistoryLine, MessageLine

LOOKED = "looked"
"""The code of a line that says who read one's case without a turn in it."""
LINES = {
    "note": "state", "ending-note": "state", "case-ended": "state", "case-again": "state", "evidence": "content",
    "relation": "person", "request": "person", "request-granted": "person", "request-done": "person",
    "request-denied": "person", "edition-corrected": "person", "profile": "person", "profile-confirmed": "person", LOOKED: "person",
}  # fmt: skip
"""Under which column of the table of access the kernel's own lines of a history stand. All others say that a row of a
stage's table was taken, which tells where the case stands."""


def root_settings(viewer: Viewer | None, plugin: str) -> dict[str, Json]:
    """A plugin's settings as they stand at the root, for those who keep plugins there, and for a way to sign in before
    anybody is known (no viewer)."""
    if viewer is not None and not viewer.may(PLUGINS, viewer.line[:1]):
        return {}
    found = database.rows(
        "SELECT c.settings FROM choice c JOIN unit u ON u.id = c.unit_id WHERE c.plugin = ? AND u.parent_id IS NULL",
        plugin,
    )
    return dict(json.loads(found[0][0])) if found else {}


def messages_below(
    viewer: Viewer, connector: str, line: Sequence[int], limit: int = 100, *, held: bool = False
) -> list[MessageLine]:
    """What was sent through one connector for a unit and all below it, newest first, for those who see where the cases there
    stand. With `held`, what is due and waits for something, the longest first; what is not to be sent is in neither."""
    if not access.oversees(viewer, line):
        return []
    states = "o.state = 'held'" if held else "o.state NOT IN ('held', 'unsent')"
    return [
        MessageLine(
            row[0], row[1], row[2], row[3], row[4], row[5], database.moment(row[6]), database.moment(row[7]),
            row[8] or row[9], row[9], row[10],
        )
        for row in database.rows(
            "SELECT o.id, o.connector, o.kind, o.case_id, o.state, o.sentence, o.created_at, o.done_at, n.name, "
            "u.name, u.zone FROM outgoing o JOIN cases c ON c.id = o.case_id JOIN unit u ON u.id = c.unit_id "
            f"LEFT JOIN person n ON n.id = c.person_id WHERE o.connector = ? AND c.a{len(line) - 1} = ? AND {states} "
            f"ORDER BY o.id {'' if held else 'DESC'} LIMIT {int(limit)}",
            connector, line[-1],
        )
    ]  # fmt: skip


def history(viewer: Viewer, kernel: Kernel, seen: Loaded, limit: int = 200) -> list[HistoryLine]:
    """What happened to a case, oldest first, in the words written then, as far as the viewer may see it; of a long
    history the newest lines. Its person also sees who read it without a turn in it."""
    level = access.sight(kernel, viewer, seen).level
    newest = [
        HistoryLine(
            database.moment(at), say("looked", name=text, role=capacity) if capacity else text or "(dihapus)", code, _post(signed)
        )
        for at, text, code, capacity, signed, *_ in database.rows(
            "SELECT l.at, t.text, l.code, '', s.signed, l.recorded_at AS made, l.unit_id AS unit, l.number AS number "
            "FROM log_entry l LEFT JOIN log_text t ON t.unit = l.unit_id AND t.number = l.number "
            "LEFT JOIN signature s ON s.case_id = l.case_id AND s.at = l.at AND s.transition = l.code WHERE l.case_id = ? "
            "UNION ALL SELECT at, name, ?, capacity, NULL, recorded_at, 0, id FROM reading WHERE case_id = ? "
            f"ORDER BY made DESC, unit DESC, number DESC LIMIT {int(limit)}",
            seen.view.id, LOOKED, seen.view.id if seen.is_of(viewer.person) else "",
        )
        if getattr(level, LINES.get(code, "state"))
    ]  # fmt: skip
    return newest[::-1]


def _post(signed: str | None) -> str:
    """The post in which somebody signed, as it was then; nothing for the system and for what nobody signs."""
    by = json.loads(signed)["by"] if signed else {}
    return ", ".join(part for part in (by.get("post"), by.get("unit")) if part)


def notes(viewer: Viewer, kernel: Kernel, seen: Loaded) -> list[tuple[str, str, str, datetime]]:
    """The notes people wrote on a case: (stage, by, text, when), newest first, for those who read its contents."""
    if not access.sight(kernel, viewer, seen).level.content:
        return []
    return [
        (stage, name, text, database.moment(at))
        for stage, name, text, at in database.rows(
            "SELECT stage, by_name, text, at FROM note WHERE case_id = ? ORDER BY id DESC LIMIT 50", seen.view.id
        )
    ]
