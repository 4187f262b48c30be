"""What goes over the wire to SIASN and what comes back: pure functions, no network.

Source: BKN's APIM `apisiasn/1.0` as public clients speak it (docs: forms of answers, `skp22/save`, `rw-skp22`, codes).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kinerja import Json

RATINGS = {"di-atas": 1, "sesuai": 2, "di-bawah": 3}
PREDICATES = {"sangat-baik": 1, "baik": 2, "butuh-perbaikan": 3, "kurang": 4, "sangat-kurang": 5}
QUADRANTS = {
    (1, 1): 1, (1, 2): 2, (1, 3): 4,
    (2, 1): 2, (2, 2): 2, (2, 3): 4,
    (3, 1): 3, (3, 2): 3, (3, 3): 5,
}  # fmt: skip
"""BKN's predicate for (hasil, perilaku), after PermenPANRB 6/2022; never max() of the two, as one client has it."""

LABELS = {
    "pnsDinilaiOrang": "pegawai yang dinilai",
    "tahun": "tahun",
    "hasilKinerjaNilai": "rating hasil kerja",
    "perilakuKerjaNilai": "rating perilaku kerja",
    "kuadranKinerjaNilai": "predikat kinerja",
    "statusPenilai": "status Pejabat Penilai Kinerja",
    "penilaiNipNrp": "NIP Pejabat Penilai Kinerja",
    "penilaiNama": "nama Pejabat Penilai Kinerja",
    "penilaiJabatan": "jabatan Pejabat Penilai Kinerja",
    "penilaiUnorNama": "unit kerja Pejabat Penilai Kinerja",
}
"""The words people know for the fields of a save."""

# How the history names what a save calls otherwise; keys in lower case, since SIASN's capitals vary.
_READ_NAMES = {
    "hasilKinerjaNilai": "hasilkinerjanilai",
    "perilakuKerjaNilai": "perilakukerjanilai",
    "kuadranKinerjaNilai": "kuadrankinerjanilai",
    "statusPenilai": "statuspenilai",
    "penilaiNipNrp": "nipnrppenilai",
    "penilaiNama": "namapenilai",
    "penilaiJabatan": "penilaijabatannm",
    "penilaiUnorNama": "penilaiunornm",
}

Outcome = Literal[
    "ok",
    "empty",
    "refused",
    "token_apim",
    "token_sso",
    "sso_mismatch",
    "throttled",
    "suspended",
    "temporary",
    "configuration",
]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of SIASN in one form. `sentence` is SIASN's own; `errors` are (our field name, its complaint).

    `seconds` is how long to wait; `renew` names the tokens ("apim", "sso") worth fetching anew before one repeat.
    """

    kind: Outcome
    data: Json = None
    reference: str = ""
    sentence: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    seconds: int = 0
    renew: tuple[str, ...] = ()


# --- what we send -------------------------------------------------------------------------------


def save_body(payload: Mapping[str, Json]) -> dict[str, Json]:
    """The body of POST skp22/save, without the ids that only SIASN knows (`id`, `pnsDinilaiOrang` are None).

    Raises ValueError, with a sentence for people, for a rating, predicate or year that SIASN has no code for, for a
    predicate other than BKN's for the two ratings, and for an assessor without what SIASN requires.
    """
    try:
        year = int(payload["tahun"])
        results, behaviour = RATINGS[payload["hasil"]], RATINGS[payload["perilaku"]]
        predicate = PREDICATES[payload["predikat"]]
    except (KeyError, TypeError, ValueError) as problem:
        raise ValueError("rating hasil kerja, rating perilaku kerja atau predikat belum ditetapkan") from problem
    if QUADRANTS[results, behaviour] != predicate:
        raise ValueError("predikat kinerja tidak sesuai dengan kedua rating menurut tabel BKN")
    assessor = payload.get("penilai") or {}
    body: dict[str, Json] = {
        "id": None,
        "pnsDinilaiOrang": None,
        "tahun": year,
        "hasilKinerjaNilai": results,
        "perilakuKerjaNilai": behaviour,
        "kuadranKinerjaNilai": predicate,
        "statusPenilai": "ASN" if assessor.get("asn") else "NON ASN",
        "penilaiNipNrp": str(assessor.get("nip") or ""),
        "penilaiNama": str(assessor.get("nama") or ""),
        "penilaiJabatan": str(assessor.get("jabatan") or ""),
        "penilaiUnorNama": str(assessor.get("unit") or ""),
    }
    # Whether BKN insists on a number from an assessor outside the civil service is unknown; it may say so itself.
    needed = ["penilaiNama", "penilaiJabatan", "penilaiUnorNama"] + ["penilaiNipNrp"] * bool(assessor.get("asn"))
    if missing := [LABELS[name] for name in needed if not body[name].strip()]:
        raise ValueError(f"belum ada {', '.join(missing)}")
    return body


# --- what the history says ----------------------------------------------------------------------


def rows_of_year(data: Json, year: int) -> list[dict[str, Json]]:
    """The rows of `rw-skp22` for one year, keys in lower case. Takes a list, a single object or nothing."""
    rows = [data] if isinstance(data, Mapping) else data if isinstance(data, list) else []
    lowered = [_lower(row) for row in rows if isinstance(row, Mapping)]
    return [row for row in lowered if _number(row.get("tahun")) == year and row.get("id")]


def same(row: Mapping[str, Json], body: Mapping[str, Json]) -> bool:
    """Whether a row of the history already says what a save would say; SIASN may answer numbers as text."""
    return all(
        _number(row.get(read)) == body[write]
        if isinstance(body[write], int)
        else _plain(row.get(read)) == _plain(body[write])
        for write, read in _READ_NAMES.items()
    )


def update_of(row: Mapping[str, Json], body: Mapping[str, Json]) -> dict[str, Json]:
    """The same save as an update of that row, keeping the documents SIASN holds (an object there, an array here)."""
    kept = row.get("path")
    path = list(kept.values()) if isinstance(kept, Mapping) else kept if isinstance(kept, list) else []
    update = {**body, "id": row["id"], "path": path}
    if row.get("penilaigolonganid") and _plain(row.get("nipnrppenilai")) == _plain(body["penilaiNipNrp"]):
        update["penilaiGolongan"] = str(row["penilaigolonganid"])
    return update


# --- what an answer means -----------------------------------------------------------------------


def read_answer(status: int, body: bytes, now: datetime | None = None) -> Answer:
    """Bring every envelope of SIASN and of the WSO2 gateway before it into one form; never raises.

    `now` is what `nextAccessTime` is counted from (the real time when left out).
    """
    text = body.decode("utf-8", "replace").strip()
    answer = _parse(text)
    told = answer if isinstance(answer, Mapping) else _xml(text)
    if told is None:
        return _unreadable(status, text)
    envelope = _lower(told)
    fault = envelope.get("fault")
    if isinstance(fault, Mapping):
        envelope = _lower(fault)
    sentence = _sentence(envelope)
    return (
        _of_tokens(status, envelope, sentence)
        or _of_gateway(status, envelope, sentence, now or datetime.now(UTC))
        or _of_save(status, envelope, sentence)
        or _of_read(status, envelope, sentence)
        or _of_status(status, sentence)
    )


def _of_tokens(status: int, envelope: Mapping[str, Json], sentence: str) -> Answer | None:
    words = " ".join(value for value in envelope.values() if isinstance(value, str)).lower()
    if "token sso mismatch" in words:
        return Answer("sso_mismatch", sentence=sentence, renew=("sso",))
    if "invalid or expired jwt" in words:
        return Answer("token_sso", sentence=sentence, renew=("sso",))
    error = envelope.get("error")
    if status in (400, 401, 403) and "success" not in envelope and isinstance(error, str) and _truth(error) is None:
        return Answer("configuration", sentence=str(envelope.get("error_description") or error))
    return None


def _of_gateway(status: int, envelope: Mapping[str, Json], sentence: str, now: datetime) -> Answer | None:
    """The fault codes of WSO2; they count whatever the HTTP status."""
    code = _number(envelope.get("code")) or 0
    words = f"{sentence} {envelope.get('description') or ''}"
    if status == 429 or 900800 <= code <= 900807:
        return Answer("throttled", sentence=sentence, seconds=_until(envelope.get("nextaccesstime"), now))
    if code == 303001 or "SUSPENDED" in words:
        return Answer("suspended", sentence=sentence, seconds=30)
    if code in (900901, 900903, 900904):  # invalid, expired, inactive
        return Answer("token_apim", sentence=sentence, renew=("apim",))
    if 900900 <= code <= 900999:
        return Answer("configuration", sentence=sentence)
    if 101500 <= code <= 101599:
        return Answer("temporary", sentence=sentence)
    if "runtime error" in words.lower():
        return Answer("temporary", sentence=sentence, renew=("apim",))
    return None


def _of_save(status: int, envelope: Mapping[str, Json], sentence: str) -> Answer | None:
    done = _truth(envelope.get("success"))
    if done is None and (failed := _truth(envelope.get("error"))) is not None:
        done = not failed  # the sync endpoints answer {Error, Message}
    if done is True and status < 400:
        return Answer("ok", envelope.get("data"), _reference(envelope.get("mapdata")), sentence)
    if (done is False or "errors occurred" in sentence) and status < 500:
        return Answer("refused", sentence=sentence, errors=_bullets(sentence))
    return None


def _of_read(status: int, envelope: Mapping[str, Json], sentence: str) -> Answer | None:
    code = _number(envelope.get("code"))
    if code == 0 and status in (200, 404):
        return Answer("empty", sentence=sentence)
    if status == 200 and ("data" in envelope or code == 1):
        data = envelope.get("data")
        nothing = data is None or data == [] or (isinstance(data, str) and "tidak ditemukan" in data.lower())
        return Answer("empty", sentence=sentence) if nothing else Answer("ok", data)
    return None


def _of_status(status: int, sentence: str) -> Answer:
    if status in (400, 422):
        return Answer("refused", sentence=sentence, errors=_bullets(sentence))
    if status == 401:
        return Answer("token_apim", sentence=sentence, renew=("apim", "sso"))
    if 300 <= status < 500:  # a 404 without code 0 is a wrong address, not «no data»
        return Answer("configuration", sentence=sentence)
    return Answer("temporary", sentence=sentence)


def _unreadable(status: int, text: str) -> Answer:
    """Nothing, HTML or bare words."""
    if "errors occurred" in text and not text.startswith("<"):
        return Answer("refused", sentence=text, errors=_bullets(text))
    if status == 429:
        return Answer("throttled", seconds=60)
    if "No matching resource found" in text or 300 <= status < 400:
        return Answer("configuration")
    return Answer("temporary")


def _parse(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _xml(text: str) -> dict[str, str] | None:
    """The flat fields of a WSO2 fault in XML. A pattern is enough, and no XML parser meets a stranger's entities."""
    if "fault>" not in text and "<ams:" not in text:
        return None
    found = re.findall(r"<(?:\w+:)?(code|message|description|nextAccessTime)>([^<]*)<", text)
    return dict(found) or None


def _lower(row: Mapping[str, Json]) -> dict[str, Json]:
    return {str(key).lower(): value for key, value in row.items()}


def _sentence(envelope: Mapping[str, Json]) -> str:
    parts = (envelope.get("message"), envelope.get("data"))
    return next((part for part in parts if isinstance(part, str) and part), "")


def _truth(value: Json) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def _number(value: Json) -> int | None:
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None


def _plain(value: Json) -> str:
    return " ".join(str(value if value is not None else "").split()).casefold()


def _reference(told: Json) -> str:
    """`mapData` is an id, or an object that holds one under a name of its own."""
    values: Iterable[Json] = told.values() if isinstance(told, Mapping) else (told,)
    return next((str(value) for value in values if isinstance(value, str | int) and value), "")


def _bullets(sentence: str) -> tuple[tuple[str, str], ...]:
    found = re.findall(r"^\s*\*\s*(\w+)\s+(.+?)\s*$", sentence, re.MULTILINE)
    return tuple((name[0].lower() + name[1:], complaint) for name, complaint in found)


def _until(told: Json, now: datetime) -> int:
    """Seconds until WSO2's `2026-Nov-21 19:41:00+0000 UTC`; a minute where it says nothing readable; a day at most."""
    try:
        at = datetime.strptime(str(told).removesuffix(" UTC"), "%Y-%b-%d %H:%M:%S%z")
    except ValueError:
        return 60
    return max(1, min(86_400, round((at - now).total_seconds())))
