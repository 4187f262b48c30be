"""Check what a person answered against a form, and freeze it as text. A field is made for each answer, since
what may be answered depends on content; drafts are never checked, so nothing typed is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, missing, validate

from kinerja.clock import day_text
from kinerja.contracts import Field, Form, Json, Option, Problem

NOTHING = "-"
"""The answer «none of these» of a `many` field."""

LONGEST = 10_000
"""Characters a text may have where its field does not say."""

_WANTED = {
    "one": "Pilih salah satu.",
    "many": "Pilih minimal satu.",
    "quantities": "Isi banyaknya, minimal untuk satu pilihan.",
    "levels": "Nilai setiap baris.",
    "date": "Isi tanggalnya.",
    "check": "Centang agar dapat melanjutkan.",
    "file": "Pilih berkasnya dahulu.",
}
"""What to do about a required field that is empty, by its kind."""

_WORDS: dict[str, Any] = {
    "invalid": "Isian ini tidak dapat dibaca. Isi ulang bagian ini.",
    "too_large": "Angka ini terlalu besar.",
    "type": "Isian ini tidak dapat dibaca. Isi ulang bagian ini.",
}


def check(form: Form, data: Mapping[str, Json]) -> tuple[dict[str, Json], tuple[Problem, ...]]:
    """The answers a form accepts, and every problem by field. Answers to other keys are left out silently, since an
    older draft may hold what the form no longer asks."""
    clean: dict[str, Json] = {}
    problems: list[Problem] = []
    for field in [one for one in form.fields if one.kind != "read" and _asked(one, data)]:
        try:
            given = data.get(field.key)
            found = _marshmallow(field).deserialize(missing if _empty(given) else given)
        except ValidationError as error:
            problems.append(Problem(field.key, _first(error.messages), field.label))
        else:
            if found is not missing:
                clean[field.key] = found.isoformat() if isinstance(found, date) else found
            problems += [replace(one, label=field.label) for one in _beyond(field, clean.get(field.key))]
    return clean, tuple(problems)


def warnings(form: Form, data: Mapping[str, Json]) -> tuple[Problem, ...]:
    """What is allowed but should be talked about, such as a sum below a soft minimum."""
    return tuple(one for field in form.fields for one in _totals(field, data.get(field.key), hard=False))


def total_of(field: Field, answer: Json) -> int:
    """The running sum of a field's chosen weights."""
    if not isinstance(answer, Mapping):
        return 0
    weights = {option.id: option.weight for option in field.options}
    return sum(weights.get(id, 0) * n for id, n in answer.items() if isinstance(n, int) and not isinstance(n, bool))


def view(form: Form, data: Mapping[str, Json]) -> list[list[str]]:
    """Sections of label and text, in the words people saw: what is kept for ever."""
    lines: list[list[str]] = []
    for field in form.fields:
        if field.kind == "read":
            lines.extend([label, text] for label, text in field.pairs)
        elif _asked(field, data):
            answer = data.get(field.key)
            try:
                lines.extend(list(_lines(field, answer)))
            except (TypeError, ValueError, AttributeError):
                lines.append([field.label, str(answer)])  # a draft may hold anything somebody typed
    return lines


def _asked(field: Field, data: Mapping[str, Json]) -> bool:
    if field.needs is None:
        return True
    other = data.get(field.needs[0])
    return isinstance(other, str) and other in field.needs[1]


def _empty(value: Json) -> bool:
    if isinstance(value, Mapping):
        return not any(one not in (None, "", 0) for one in value.values())
    return value is None or value == "" or value == [] or value is False


def _marshmallow(field: Field) -> Any:
    ids = [option.id for option in field.options]
    known = validate.OneOf(ids, error="Pilihan ini tidak ada dalam daftar. Pilih ulang.")
    wanted = _WANTED.get(field.kind, "Isi dahulu bagian ini.")
    common: dict[str, Any] = {
        "required": field.required,
        "error_messages": {**_WORDS, "required": wanted, "null": wanted},
    }

    def told(invalid: str) -> dict[str, Any]:
        return {**common, "error_messages": {**common["error_messages"], "invalid": invalid}}

    match field.kind:
        case "one":
            return fields.String(validate=known, **told("Pilih tepat satu, tidak lebih."))
        case "many":
            both = validate.OneOf([*ids, NOTHING], error="Pilihan ini tidak ada dalam daftar. Pilih ulang.")
            return fields.List(fields.String(validate=both, error_messages=_WORDS), **common)
        case "quantities":
            number = fields.Integer(
                strict=True,
                validate=validate.Range(0, 99, error="Isi angka dari 0 sampai 99."),
                error_messages={**_WORDS, "invalid": "Isi dengan angka."},
            )
            return fields.Dict(keys=fields.String(validate=known), values=number, **common)
        case "levels":
            return fields.Dict(keys=fields.String(), values=fields.String(validate=known), **common)
        case "number":
            most = field.most if field.most is not None else 999_999
            within = validate.Range(field.least or 0, most, error="Isi angka dari {min} sampai {max}.")
            return fields.Integer(strict=True, validate=within, **told("Isi dengan angka."))
        case "date":
            return fields.Date(**told("Tanggal ini tidak ada. Pilih ulang."))
        case "check":
            return fields.Boolean(**common)
        case "file":
            return fields.Dict(**common)
        case _:
            longest = field.most or LONGEST
            length = validate.Length(
                max=longest, error=f"Terlalu panjang. Paling banyak {longest:,} huruf.".replace(",", ".")
            )
            return fields.String(validate=length, **common)


def _beyond(field: Field, answer: Json) -> Iterable[Problem]:
    """Rules a schema of one value cannot say: how many, which rows, a hard sum."""
    if field.kind == "many" and isinstance(answer, list):
        chosen = [id for id in answer if id != NOTHING]
        if NOTHING in answer and chosen:
            yield Problem(field.key, f"Anda memilih «{field.none}» dan juga pilihan lain. Hapus salah satunya.")
        if len(set(answer)) != len(answer):
            yield Problem(field.key, "Satu pilihan tercatat dua kali. Pilih ulang.")
        if field.most is not None and len(chosen) > field.most:
            yield Problem(field.key, f"Pilih paling banyak {field.most}.")
        if field.least is not None and len(chosen) < field.least and NOTHING not in answer:
            yield Problem(field.key, f"Pilih minimal {field.least}.")
    if field.kind == "levels" and field.required:
        rated = answer if isinstance(answer, Mapping) else {}
        missing = [row.label for row in field.rows if row.id not in rated]
        if missing:
            yield Problem(field.key, f"Belum dinilai: {'; '.join(missing)}.")
        if set(rated) - {row.id for row in field.rows}:
            yield Problem(field.key, "Ada baris yang tidak dikenal. Muat ulang halaman ini.")
    yield from _totals(field, answer, hard=True)


def _totals(field: Field, answer: Json, *, hard: bool) -> Iterable[Problem]:
    """That a sum which is a hard one, or a soft one, is outside its bounds."""
    total = field.total
    if total is None or total.hard != hard:
        return
    now = total_of(field, answer)
    if total.least is not None and now < total.least:
        yield Problem(field.key, f"{now} dari minimal {total.least} {total.unit}. {total.message}".strip())
    elif total.most is not None and now > total.most:
        yield Problem(field.key, f"{now} {total.unit}, lebih dari {total.most}. {total.message}".strip())


def _lines(field: Field, answer: Json) -> Iterable[list[str]]:
    options: dict[str, Option] = {option.id: option for option in field.options}

    def name(id: str) -> str:
        return options[id].label if id in options else id

    if _empty(answer):
        yield [field.label, "–"]
        return
    match field.kind:
        case "one":
            yield [field.label, name(answer)]
        case "many":
            yield [field.label, field.none if answer == [NOTHING] else "\n".join(name(id) for id in answer)]
        case "quantities":
            chosen = [f"{name(id)} × {n}" for id, n in answer.items() if n]
            if field.total:
                chosen.append(f"Jumlah {total_of(field, answer)} {field.total.unit}")
            yield [field.label, "\n".join(chosen)]
        case "levels":
            for row in field.rows:
                yield [row.label, name(answer.get(row.id, "–"))]
        case "date":
            yield [field.label, day_text(date.fromisoformat(answer))]
        case "check":
            yield [field.label, "Ya"]
        case "file":
            yield [field.label, str(answer.get("name", ""))]
        case _:
            yield [field.label, str(answer)]


def _first(message: Any) -> str:
    while isinstance(message, (list, Mapping)):
        message = next(iter(message if isinstance(message, list) else message.values()))
    return str(message)
