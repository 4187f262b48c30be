"""Compile one year's rules from TOML to a `Scheme` value. Every mistake is one ValueError that names its place.

The keys are the field's own words, so that someone who knows the rules can read and mend the file.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date
from importlib.resources import files
from typing import Any

from kinerja import conditions
from kinerja.contracts import (
    Document,
    EvidenceRule,
    Json,
    Matrix,
    Need,
    Participation,
    PeriodRule,
    RelationRule,
    Scheme,
    StageRule,
    Window,
)

ANSWERS = ("wajib", "dianjurkan", "boleh", "tidak")
PLACES = ("satuan", "atas", "binaan", "ditunjuk", "ikut")
OF = {"kasus": "case", "satuan": "unit", "sebelumnya": "previous", "anak": "children"}
SUBJECTS = {"orang": "person", "satuan": "unit"}
UNIT = "satuan"
"""The key under `[hubungan]` for cases whose subject is a unit."""
WARNINGS = "penegasan"
"""The switch by which a scheme puts words of its own beside rows of a stage's table."""

_stored: ContextVar[bool] = ContextVar("stored", default=False)
"""Whether what is read was stored by an earlier release: keys it knew and we do not are left out, not refused."""

_DAY = re.compile(r"^\d\d-\d\d$")


class _Table:
    """One TOML table being read: takes each key once and complains of what is left."""

    def __init__(self, raw: Json, where: str) -> None:
        if not isinstance(raw, Mapping):
            raise ValueError(f"{where}: harus berupa tabel")
        self.raw = dict(raw)
        self.where = where

    def take(self, key: str, kind: type | tuple[type, ...], default: Json = ...) -> Any:
        if key not in self.raw:
            if default is ...:
                raise ValueError(f"{self.where}: «{key}» belum ada")
            return default
        value = self.raw.pop(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise ValueError(f"{self.where}: «{key}» bentuknya salah")
        return value

    def strings(self, key: str, default: Json = ...) -> tuple[str, ...]:
        values = self.take(key, list, default)
        if not all(isinstance(value, str) for value in values):
            raise ValueError(f"{self.where}: «{key}» harus berisi daftar kata")
        return tuple(values)

    def day(self, key: str, default: Json = ...) -> str:
        value: str = self.take(key, str, default)
        if value != default and not _DAY.match(value):
            raise ValueError(f'{self.where}: «{key}» harus bulan-tanggal, misalnya "01-31"')
        if value and value != default:
            _checked_day(value, f"{self.where}: «{key}»")
        return value

    def condition(self, key: str) -> Mapping[str, Json]:
        value: Mapping[str, Json] = self.take(key, Mapping, {})
        conditions.check(value, f"{self.where}: «{key}»")
        return value

    def done(self) -> None:
        if self.raw and not _stored.get():
            raise ValueError(f"{self.where}: tidak mengenal «{'», «'.join(sorted(self.raw))}»")


def _checked_day(value: str, where: str) -> None:
    try:
        date.fromisoformat(f"2000-{value}")
    except ValueError:
        raise ValueError(f"{where}: tanggal {value} tidak ada") from None


def compile_scheme(raw: Mapping[str, Json], where: str) -> Scheme:
    """Make the value, checking shape and every name the file itself must know. Names of plugins' stages and steps
    are checked where a snapshot is made, since a scheme may name what is not installed."""
    top = _Table(raw, where)
    years = top.take("tahun", list)
    if len(years) != 2 or not isinstance(years[0], int) or not isinstance(years[1], int):
        raise ValueError(f"{where}: «tahun» harus [dari, sampai], sampai 0 bila belum berakhir")
    periods = tuple(_period(one, f"{where} [[periode]]") for one in top.take("periode", list))
    stages = tuple(_stage(one, f"{where} [[tahap]]") for one in top.take("tahap", list))
    scheme = Scheme(
        id=top.take("id", str),
        label=top.take("label", str),
        sources=top.strings("sumber", []),
        years=(years[0], years[1] or None),
        periods=periods,
        stages=stages,
        participants=tuple(_participation(one, f"{where} [[peserta]]") for one in top.take("peserta", list)),
        relations=_relations(top.take("hubungan", dict), f"{where} [hubungan]"),
        steps={key: _step(value, f"{where} [langkah.{key}]") for key, value in top.take("langkah", dict).items()},
        evidence=tuple(_evidence(one, f"{where} [[bukti]]") for one in top.take("bukti", list, [])),
        matrices={key: _matrix(one, f"{where} [matriks.{key}]") for key, one in top.take("matriks", dict, {}).items()},
        words=dict(top.take("kata", dict, {})),
        documents=tuple(_document(one, f"{where} [[dokumen]]") for one in top.take("dokumen", list, [])),
        contents=top.strings("isi", []),
        required=top.strings("isi_wajib", []),
        vacant=top.take("penata", str, ""),
        also=top.condition("kasus_rangkap") if "kasus_rangkap" in raw else None,
        closers=top.strings("penutup", []),
        raw=raw,
    )
    top.done()
    _check_names(scheme, where)
    return scheme


def read_scheme(package: str, name: str = "skema.toml") -> Scheme:
    """Compile the scheme file of a plugin's own package, for plugins with code; a mistake raises ValueError naming file
    and place. A folder without code needs not even this."""
    return compile_scheme(tomllib.loads((files(package) / name).read_text("utf-8")), f"{package}/{name}")


def recall_scheme(raw: Mapping[str, Json], where: str) -> Scheme:
    """Read back rules that were compiled and stored once, perhaps by an earlier release: finished years stay readable."""
    token = _stored.set(True)
    try:
        return compile_scheme(raw, where)
    finally:
        _stored.reset(token)


def _period(raw: Json, where: str) -> PeriodRule:
    table = _Table(raw, where)
    key = table.take("kunci", str)
    table.where = f"{where} {key}"
    rule = PeriodRule(
        key=key,
        label=table.take("label", str),
        starts=table.day("mulai"),
        ends=table.day("akhir"),
        parent=table.take("induk", str, ""),
        follows=table.take("lanjut_dari", str, ""),
        stages=table.strings("tahap", []),
        opens_before=table.take("dibuka_hari_sebelum", int, 0),
        closes=table.take("ditutup", str, ""),
    )
    table.done()
    if rule.closes and not re.match(r"^\+\d-\d\d-\d\d$", rule.closes):
        raise ValueError(f'{table.where}: «ditutup» harus +tahun-bulan-tanggal, misalnya "+1-03-31"')
    return rule


def _stage(raw: Json, where: str) -> StageRule:
    table = _Table(raw, where)
    id = table.take("id", str)
    table.where = f"{where} {id}"
    subject = table.take("subjek", str)
    if subject not in SUBJECTS:
        raise ValueError(f"{table.where}: «subjek» harus salah satu dari {', '.join(SUBJECTS)}")
    switches = dict(table.take("alur", dict))
    if not isinstance(switches.get("dasar"), str):
        raise ValueError(f"{table.where}: «alur» harus menyebut «dasar»")
    flow = switches.pop("dasar")
    said = switches.get("penegasan", [])
    if not isinstance(said, list):
        raise ValueError(f"{table.where} alur: «{WARNINGS}» bentuknya salah")
    for one in said:
        words = _Table(one, f"{table.where} {WARNINGS}")
        words.take("baris", str)
        words.take("kalimat", str)
        words.condition("bila")
        words.done()
    rule = StageRule(
        id=id,
        label=table.take("label", str),
        subject="person" if subject == "orang" else "unit",
        steps=table.strings("langkah"),
        flow=flow,
        switches=switches,
        windows=tuple(_window(one, f"{table.where} [[jendela]]") for one in table.take("jendela", list, [])),
        needs=tuple(_need(one, f"{table.where} butuh") for one in table.take("butuh", list, [])),
    )
    table.done()
    return rule


def _window(raw: Json, where: str) -> Window:
    table = _Table(raw, where)
    rule = Window(
        applies=table.condition("untuk"),
        opens=table.day("buka"),
        closes=table.day("tutup"),
        hard=table.take("keras", bool, False),
        opens_year=table.take("buka_tahun", int, 0),
        closes_year=table.take("tutup_tahun", int, 0),
        source=table.take("sumber", str, ""),
        provisional=table.take("provisional", bool, False),
    )
    table.done()
    return rule


def _need(raw: Json, where: str) -> Need:
    table = _Table(raw, where)
    of = table.take("dari", str, "kasus")
    if of not in OF:
        raise ValueError(f"{where}: «dari» harus salah satu dari {', '.join(OF)}")
    rule = Need(
        fact=table.take("fakta", str),
        of=OF[of],
        when=table.condition("bila"),
        owner=table.take("pemilik", str, ""),
        message=table.take("pesan", str, ""),
        early=table.take("pesan_nanti", str, ""),
    )
    table.done()
    return rule


def _participation(raw: Json, where: str) -> Participation:
    table = _Table(raw, where)
    answer = table.take("jawab", str)
    if answer not in ANSWERS:
        raise ValueError(f"{where}: «jawab» harus salah satu dari {', '.join(ANSWERS)}")
    rule = Participation(
        answer=answer,
        when=table.condition("bila"),
        reason=table.take("alasan", str, ""),
        elsewhere=table.take("ke", str, ""),
        changer=table.take("pengubah", str, ""),
        source=table.take("sumber", str, ""),
        provisional=table.take("provisional", bool, False),
    )
    table.done()
    if answer == "tidak" and not rule.reason:
        raise ValueError(f"{where}: jawaban «tidak» harus punya «alasan»")
    return rule


def _relations(raw: Mapping[str, Json], where: str) -> dict[str, dict[str, tuple[RelationRule, ...]]]:
    found: dict[str, dict[str, tuple[RelationRule, ...]]] = {}
    for role, relations in raw.items():
        told = found.setdefault(role, {})
        for relation, rules in _Table(relations, f"{where}.{role}").raw.items():
            at = f"{where}.{role}.{relation}"
            made = tuple(_relation(text, at) for text in rules)
            for rule in made:
                if rule.place == "ikut" and rule.role not in told:
                    raise ValueError(f"{at}: «{rule.role} @ ikut» harus hubungan yang ditulis di atasnya")
            told[relation] = made
    return found


def _relation(raw: Json, where: str) -> RelationRule:
    table = _Table(raw if isinstance(raw, Mapping) else {"siapa": raw}, where)
    text, when = table.take("siapa", str), table.condition("bila")
    table.done()
    role, _, place = text.partition(" @ ")
    if place not in PLACES:
        raise ValueError(f"{where}: «{text}» harus peran @ tempat, tempat salah satu dari {', '.join(PLACES)}")
    return RelationRule(role, place, when)


def _step(raw: Json, where: str) -> dict[str, Json]:
    rules = dict(_Table(raw, where).raw)
    if "untuk" in rules:
        conditions.check(rules["untuk"], f"{where}: «untuk»")
    for one in rules.get("label_untuk", ()):
        table = _Table(one, f"{where} label_untuk")
        table.take("label", str)
        table.condition("bila")
        table.take("sumber", str, "")
        table.done()
    return rules


def _document(raw: Json, where: str) -> Document:
    table = _Table(raw, where)
    document = Document(
        title=table.take("judul", str),
        about=table.take("keterangan", str, ""),
        text=table.take("isi", str, ""),
        address=table.take("alamat", str, ""),
        provisional=table.take("provisional", bool, False),
    )
    table.done()
    return document


def _evidence(raw: Json, where: str) -> EvidenceRule:
    table = _Table(raw, where)
    scope = table.take("lingkup", str, "kasus")
    rule = EvidenceRule(
        item=table.take("butir", str),
        provider=table.take("penyedia", str),
        handler=table.take("cara", str),
        scope="unit" if scope == "satuan" else "case",
        label=table.take("label", str, ""),
        options=table.take("aturan", dict, {}),
        when=table.condition("bila"),
    )
    table.done()
    return rule


def _matrix(raw: Json, where: str) -> Matrix:
    table = _Table(raw, where)
    table.take("sumber", str, "")
    rows, columns = table.strings("baris"), table.strings("kolom")
    values = tuple(tuple(line) for line in table.take("nilai", list))
    table.done()
    if len(values) != len(rows) or any(len(line) != len(columns) for line in values):
        raise ValueError(f"{where}: «nilai» harus {len(rows)} baris dan {len(columns)} kolom")
    return Matrix(rows, columns, values)


def _check_names(scheme: Scheme, where: str) -> None:
    keys = [period.key for period in scheme.periods]
    ids = [stage.id for stage in scheme.stages]
    for names, what in ((keys, "periode"), (ids, "tahap")):
        if len(set(names)) != len(names):
            raise ValueError(f"{where}: dua {what} bernama sama")
    for period in scheme.periods:
        for name in filter(None, (period.parent, period.follows)):
            if name not in keys:
                raise ValueError(f"{where}: periode {period.key} menyebut periode «{name}» yang tidak ada")
        for stage in period.stages:
            if stage not in ids:
                raise ValueError(f"{where}: periode {period.key} menyebut tahap «{stage}» yang tidak ada")
    json.dumps(scheme.raw, default=str)


def window_days(window: Window, year: int) -> tuple[date, date]:
    """The first and last day of a window in a period's year."""
    return (
        date.fromisoformat(f"{year + window.opens_year}-{window.opens}"),
        date.fromisoformat(f"{year + window.closes_year}-{window.closes}"),
    )


def period_days(rule: PeriodRule, year: int) -> tuple[date, date, date]:
    """First day, last day and the day after which nothing more is written."""
    starts, ends = date.fromisoformat(f"{year}-{rule.starts}"), date.fromisoformat(f"{year}-{rule.ends}")
    if not rule.closes:
        return starts, ends, ends
    return starts, ends, date.fromisoformat(f"{year + int(rule.closes[1])}-{rule.closes[3:]}")
