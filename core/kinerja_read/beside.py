"""What lies beside a case on its pages, by one statement."""

from __future__ import annotations

import json
from datetime import date

from kinerja import access, database, days
from kinerja.access import Viewer
from kinerja.clock import day_text
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja_read.lines import Beside, CaseMessage, CaseRequest, RevisionLine
from kinerja_read.turns import COME

_COLUMNS = {"note": "content", "message": "state", "request": "person", "number": "person"}
"""Under which column of the table of access each stands; a revision goes with its part, and a turn is the viewer's."""


def beside(viewer: Viewer, kernel: Kernel, seen: Loaded, today: date, stage: str = "") -> Beside:
    """All that a page shows of a case beside the case itself, by one statement, each for those who may see it."""
    case, level = seen.view.id, access.sight(kernel, viewer, seen).level
    shown = {one.id for one in seen.parts if one.stage == stage and access.may_read_part(kernel, viewer, seen, one)}
    barred = [what for what, column in _COLUMNS.items() if not getattr(level, column)]
    day = database.stored_day(today)
    found: dict[str, list[tuple[object, ...]]] = {}
    for row in database.rows(
        "SELECT 'note', stage, by_name, text, item, '', id, 0, at FROM note WHERE case_id = ? UNION ALL "
        "SELECT 'revision', v.kind, v.by_name, v.view, '', '', v.number, t.id, v.at FROM revision v "
        "JOIN part t ON t.id = v.part_id WHERE t.case_id = ? AND t.stage = ? UNION ALL "
        "SELECT 'message', connector, kind, state, sentence, '', id, 0, done_at FROM outgoing WHERE case_id = ? UNION ALL "
        "SELECT 'request', kind, field, label, wanted, state, id, 0, at FROM request WHERE case_id = ? UNION ALL "
        "SELECT 'number', i.kind, i.value, '', '', '', 0, 0, NULL FROM person_id i JOIN cases c ON c.person_id = i.person_id "
        "WHERE c.id = ? UNION ALL "
        "SELECT 'read', stage, '', '', '', '', 0, 0, until FROM seen WHERE case_id = ? AND person_id = ? UNION ALL "
        "SELECT 'turn', t.case_id, t.stage, coalesce(n.name, u.name), '', '', t.id, 0, t.since FROM task t "
        f"JOIN relation r ON r.case_id = t.case_id AND r.kind = t.relation AND {days.relating('r')} "
        "JOIN cases c ON c.id = t.case_id JOIN unit u ON u.id = c.unit_id LEFT JOIN person n ON n.id = c.person_id "
        f"WHERE t.what = 'kerja' AND t.kind <> 'macet' AND {COME} "
        f"AND {access.acts('r')}",
        case, case, stage, case, case, case, case, viewer.person, day, day, viewer.person, viewer.assignment or 0,
    ):  # fmt: skip
        if row[0] not in barred and (row[0] != "revision" or row[7] in shown):
            found.setdefault(row[0], []).append(row)
    ordered = {what: sorted(rows, key=lambda row: (str(row[8] or ""), row[6])) for what, rows in found.items()}
    return Beside(
        notes=tuple(
            (str(r[1]), str(r[2]), str(r[3]), database.moment(r[8]), str(r[4]))
            for r in reversed(ordered.get("note", []))
        ),
        revisions=tuple(
            RevisionLine(int(str(r[7])), int(str(r[6])), str(r[1]), str(r[2]), database.moment(r[8]), _view(r[3]))
            for r in ordered.get("revision", [])
        ),
        messages=tuple(
            CaseMessage(
                str(r[1]), str(r[2]), str(r[3]), str(r[4]), day_text(database.moment(r[8]).date()) if r[8] else ""
            )
            for r in sorted(ordered.get("message", []), key=lambda row: int(str(row[6])))
        ),
        numbers={str(r[1]): str(r[2]) for r in ordered.get("number", [])},
        queue=tuple((str(r[1]), str(r[2]), str(r[3])) for r in ordered.get("turn", [])),
        read={str(r[1]): database.moment(r[8]) for r in ordered.get("read", [])},
        requests=tuple(
            CaseRequest(str(r[1]), str(r[2]), str(r[3]), str(r[4]), str(r[5]), database.moment(r[8]))
            for r in ordered.get("request", [])
        ),
    )


def _view(text: object) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in json.loads(str(text)))
