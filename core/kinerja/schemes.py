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
from itertools import pairwise
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
    YearDay,
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

LAST_YEAR = 9000
"""No rule reaches further, so that every day it names is a day that a calendar has."""
MOST_BEFORE = 366
_DAY = re.compile(r"(?:([+-]\d)-)?(\d\d)-(\d\d)")


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

    def day(self, key: str, earlier: bool = False) -> YearDay:
        """A day of the period's year, "01-31", or of a later one, "+1-01-31"; with `earlier` also of one before."""
        value: str = self.take(key, str)
        found = _DAY.fullmatch(value)
        if found is None:
            raise ValueError(f'{self.where}: «{key}» harus bulan-tanggal, misalnya "01-31" atau "+1-01-31"')
        day = YearDay(int(found[1] or 0), int(found[2]), int(found[3]))
        try:
            date(2000, day.month, day.day)
        except ValueError:
            raise ValueError(f"{self.where}: «{key}»: tanggal {value} tidak ada") from None
        if day.years < 0 and not earlier:
            raise ValueError(f"{self.where}: «{key}»: {value} mendahului tahun periodenya")
        return day

    def condition(self, key: str) -> Mapping[str, Json]:
        value: Mapping[str, Json] = self.take(key, Mapping, {})
        conditions.check(value, f"{self.where}: «{key}»")
        return value

    def done(self) -> None:
        if self.raw and not _stored.get():
            raise ValueError(f"{self.where}: tidak mengenal «{'», «'.join(sorted(self.raw))}»")


def _in_order(where: str, *days: tuple[str, YearDay]) -> None:
    """Refuse a day that comes before the one it should follow; two may be the same."""
    for (first, before), (then, after) in pairwise(days):
        if after < before:
            raise ValueError(f"{where}: «{then}» mendahului «{first}»")


def compile_scheme(raw: Mapping[str, Json], where: str) -> Scheme:
    """Make the value, checking shape and every name the file itself must know. Names of plugins' stages and steps
    are checked where a snapshot is made, since a scheme may name what is not installed."""
    top = _Table(raw, where)
    years = top.take("tahun", list)
    if len(years) != 2 or not isinstance(years[0], int) or not isinstance(years[1], int):
        raise ValueError(f"{where}: «tahun» harus [dari, sampai], sampai 0 bila belum berakhir")
    if not 0 < years[0] <= (years[1] or LAST_YEAR) <= LAST_YEAR:
        raise ValueError(
            f"{where}: «tahun» harus dari 1 sampai {LAST_YEAR}, yang terakhir tidak mendahului yang pertama"
        )
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
    label, starts, ends = table.take("label", str), table.day("mulai"), table.day("akhir")
    rule = PeriodRule(
        key=key,
        label=label,
        starts=starts,
        ends=ends,
        closes=table.day("ditutup") if "ditutup" in table.raw else ends,
        parent=table.take("induk", str, ""),
        follows=table.take("lanjut_dari", str, ""),
        stages=table.strings("tahap", []),
        opens_before=table.take("dibuka_hari_sebelum", int, 0),
    )
    table.done()
    try:
        label.format(tahun=LAST_YEAR, tahun_akhir=LAST_YEAR)
    except (LookupError, ValueError, AttributeError):
        raise ValueError(f"{table.where}: «label» hanya boleh memuat {{tahun}} dan {{tahun_akhir}}") from None
    _in_order(table.where, ("mulai", starts), ("akhir", ends), ("ditutup", rule.closes))
    if not 0 <= rule.opens_before <= MOST_BEFORE:
        raise ValueError(f"{table.where}: «dibuka_hari_sebelum» harus 0 sampai {MOST_BEFORE}")
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
        windows=tuple(
            _window(one, f"{table.where} [[jendela]] ke-{n}")
            for n, one in enumerate(table.take("jendela", list, []), 1)
        ),
        needs=tuple(_need(one, f"{table.where} butuh") for one in table.take("butuh", list, [])),
    )
    table.done()
    return rule


def _window(raw: Json, where: str) -> Window:
    table = _Table(raw, where)
    rule = Window(
        applies=table.condition("untuk"),
        opens=table.day("buka", earlier=True),
        closes=table.day("tutup", earlier=True),
        hard=table.take("keras", bool, False),
        source=table.take("sumber", str, ""),
        provisional=table.take("provisional", bool, False),
    )
    table.done()
    _in_order(where, ("buka", rule.opens), ("tutup", rule.closes))
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
    return window.opens.within(year), window.closes.within(year)


def period_days(rule: PeriodRule, year: int) -> tuple[date, date, date]:
    """First day, last day and the day after which nothing more is written."""
    return rule.starts.within(year), rule.ends.within(year), rule.closes.within(year)
