"""Between a drawn form and its answers. Names carry the kind (`one:key`, `qty:key:option`), so that a draft is read
without building the form it came from; nothing typed is judged here."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from werkzeug.datastructures import FileStorage, MultiDict

from kinerja.contracts import Field, Form, Json, Problem, Refusal

SHA = "sha256"
"""What only a file's answer has: the name of its bytes. Nobody types it, so an answer that names it is left out."""
ASKED = "ada"
"""Hidden names of what a page asked: a browser sends nothing for what is not ticked, and nothing is an answer too."""
PREFIX = {
    "one": "one", "many": "many", "quantities": "qty", "levels": "lvl", "text": "txt", "longtext": "txt",
    "date": "day", "number": "num", "check": "chk", "file": "file",
}  # fmt: skip
LARGEST = 10 * 1024 * 1024
"""Bytes of the largest file; one byte more is read, so that whoever checks a file can see that it is too large."""
PLAIN = {"catatan": "Catatan", "alasan": "Alasan", "benar": "Yang benar"}
"""Inputs outside a form of fields into which people type sentences, with what pages call them."""


def name(field: Field, option: str = "") -> str:
    """The name of an input; options and rows of grids stand behind their field's key."""
    base = f"{PREFIX[field.kind]}:{quote(field.key, safe='')}"
    return f"{base}:{option}" if option else base


def anchor(field: Field | str) -> str:
    """The id of a field on the page, which error summaries link to."""
    return "f-" + quote(field if isinstance(field, str) else field.key, safe="").replace("%", "_")


def answers(sent: MultiDict[str, str]) -> dict[str, Json]:
    """What was typed, in the shape the kernel keeps: also half-finished and wrong, for a draft holds everything."""
    found: dict[str, Any] = {}

    def within(key: str, empty: Any) -> Any:
        """The list or rows of a key, begun anew where something of another shape was sent under the same key."""
        if not isinstance(found.get(key), type(empty)):
            found[key] = empty
        return found[key]

    for asked in sent.getlist(ASKED):
        kind, _, key = asked.partition(":")
        found[_key(key)] = {"many": [], "chk": False, "qty": {}, "lvl": {}}.get(kind, "")
    for full, value in sent.items(multi=True):
        kind, _, rest = full.partition(":")
        key, _, option = rest.partition(":")
        key = _key(key)
        if not key or option == SHA:
            continue
        match kind:
            case "many":
                within(key, []).append(value)
            case "qty":
                if value.strip():
                    within(key, {})[option] = _number(value)
            case "lvl":
                within(key, {})[option] = value
            case "num":
                found[key] = _number(value) if value.strip() else ""
            case "chk":
                found[key] = True
            case "one" | "day":
                found[key] = value
            case "txt":
                found[key] = value.replace("\r\n", "\n")
    return found


def _key(quoted: str) -> str:
    return unquote(quoted).replace("\0", "")


def _number(text: str) -> int | str:
    """A whole number, or the text as it was typed, which the check then names."""
    clean = text.strip()
    return int(clean) if re.fullmatch(r"-?[0-9]{1,9}", clean) else text


def whole(text: str) -> int | None:
    """A number a page of ours carried along; None for what no page of ours would carry."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def plain(value: Json, words: Mapping[str, str] | None = None) -> str:
    """An answer of whatever shape as text, so that it can be drawn and copied; *words* are labels by option and row."""
    words = words or {}
    if isinstance(value, Mapping):
        if SHA in value:
            return str(value.get("name", ""))
        return "\n".join(f"{words.get(key, key)}: {plain(one, words)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return "\n".join(plain(one, words) for one in value)
    if value is None or isinstance(value, bool):
        return "Ya" if value else ""
    return words.get(value, value) if isinstance(value, str) else str(value)


def copies(sent: MultiDict[str, str], form: Form | None = None) -> list[tuple[str, str]]:
    """What was typed as (label, text) to be copied, for a page that cannot show the form it was typed into."""
    known = {field.key: field for field in form.fields} if form else {}
    found = []
    for key, value in answers(sent).items():
        field = known.get(key)
        if value is not False and value not in ("", [], {}):
            words = {one.id: one.label for one in (*field.options, *field.rows)} if field else {}
            label = field.label if field else " ".join(re.split(r"[_.\s-]+", key)).strip().capitalize()
            found.append((label or key, plain(value, words)))
    found += [(label, text) for key, label in PLAIN.items() for text in sent.getlist(key) if text.strip()]
    return found


def typed(sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """The same as pairs, to be carried along in hidden inputs."""
    kinds = set(PREFIX.values())
    return [
        (full, value)
        for full, value in sent.items(multi=True)
        if full == ASKED or (":" in full and full.partition(":")[0] in {*kinds, "kept"})
    ]


def files(sent: MultiDict[str, FileStorage]) -> dict[str, tuple[str, bytes]]:
    """Uploaded files by field key: name and bytes. Empty inputs are left out."""
    found: dict[str, tuple[str, bytes]] = {}
    for full, file in sent.items():
        kind, _, key = full.partition(":")
        if kind == "file" and file.filename:
            own = file.filename.replace("\0", "").replace("\\", "/").rpartition("/")[2]
            found[_key(key)] = (own, file.stream.read(LARGEST + 1))
    return found


def seal(value: Mapping[str, Json], secret: str) -> str:
    """A file already uploaded, as a hidden input can carry it without letting anybody name another's file."""
    text = json.dumps(dict(value), sort_keys=True)
    return f"{hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()}{text}"


def unsealed(sent: MultiDict[str, str], secret: str) -> dict[str, Json]:
    """The files a page carried along, by field key; a seal that does not fit is passed over."""
    found: dict[str, Json] = {}
    for full, value in sent.items():
        kind, _, key = full.partition(":")
        mark, text = value[:64].encode(), value[64:]
        if kind == "kept" and hmac.compare_digest(
            mark, hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest().encode()
        ):
            found[_key(key)] = json.loads(text)
    return found


def at(field: str, refusal: Refusal) -> Refusal:
    """A refusal whose sentence stands at one field of a form."""
    return Refusal(refusal.code, refusal.sentence, (Problem(field, refusal.sentence),))


def by_field(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """The messages of problems by the key of their field."""
    found: dict[str, list[str]] = {}
    for one in problems:
        found.setdefault(one.field, []).append(one.message)
    return found


def groups(field: Field) -> list[tuple[str, list[Any]]]:
    """The options of a field under their headings, in the order they came."""
    found: dict[str, list[Any]] = {}
    for option in field.options:
        found.setdefault(option.group, []).append(option)
    return list(found.items())


def bare(field: Field) -> bool:
    """Whether nothing is said of any option but its label, so that they may stand close."""
    return not any(one.detail or one.lists or one.tag for one in field.options)


def differing(form: Form, one: Mapping[str, Json], other: Mapping[str, Json]) -> list[Field]:
    """The fields that two versions of a draft answer differently."""
    return [
        field
        for field in form.fields
        if field.kind != "read" and (one.get(field.key) or None) != (other.get(field.key) or None)
    ]
