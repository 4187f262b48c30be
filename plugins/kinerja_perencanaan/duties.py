"""Step tugas-tambahan: duties beside teaching, each given by a decree (SK) or a letter of assignment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from kinerja import (
    SUBJECT,
    Content,
    Entry,
    Field,
    Form,
    Item,
    Json,
    Option,
    Step,
    StepContext,
    StepProjection,
    day_text,
    holds_on,
)
from kinerja_perencanaan.answers import NOTHING, day, example, many, one, submit, title
from kinerja_perencanaan.offers import TAG, offered, warning, withdrawn
from kinerja_perencanaan.rincian import details

LABEL = "Tugas Tambahan"
KIND = "tugas-tambahan"

_LETTER = (
    Field(
        "nomor",
        "Nomor SK atau Surat Tugas",
        "text",
        help="Hanya bagi yang punya tugas tambahan. Boleh menyusul.",
        most=500,
    ),
    Field(
        "tanggal",
        "Tanggal SK atau Surat Tugas",
        "date",
        help="Boleh menyusul. SK tahun ajaran ini boleh lebih tua daripada periode ini.",
    ),
)
"""What may follow later and is never compared with the period: an SK of the school year is older than it."""


def form(ctx: StepContext) -> Form:
    """The duties valid today at this kind of school; nothing to fill in where no list is meant for the role."""
    catalogue = ctx.content.get("katalog-tugas")
    if catalogue is None:
        sentence = "Tidak ada daftar tugas tambahan untuk jabatan Anda. Lanjutkan ke bagian berikutnya."
        return Form(title(ctx, LABEL), notices=(sentence,), submit=submit(ctx))
    gone = withdrawn(ctx, KIND)
    kept = set(many(ctx.parts.get(KIND, {}), "tugas"))
    options = [option for entry in offered(ctx, catalogue) for option in _options(catalogue, entry, ctx.today)]
    options += [
        replace(option, tag=TAG)
        for entry in gone
        for option in _options(catalogue, entry, ctx.today)
        if option.id in kept
    ]
    none = str(ctx.options.get("tidak_ada", ""))
    without = has_none(ctx.parts.get(KIND, {}))
    chosen = Field(
        "tugas",
        "Pilih tugas tambahan Anda",
        "many",
        help="Sesuai SK atau Surat Tugas. Boleh lebih dari satu."
        + (" Isian SK muncul setelah pilihan tugas disimpan." if without else ""),
        required=bool(none),
        options=tuple(options),
        none=none,
    )
    way = f"Pilih «{none}» di bawah." if none else "Lanjutkan ke bagian berikutnya."
    return Form(
        title(ctx, LABEL),
        (chosen,) if without else (chosen, *_LETTER),
        intro=f"Tidak punya, atau tidak ada di daftar? {way}",
        notices=warning(ctx, KIND),
        submit=submit(ctx),
        example=example(ctx, KIND),
    )


def has_none(data: Mapping[str, Json]) -> bool:
    """Whether the answer is «none of these»: then no letter is asked for, kept or shown."""
    return data.get("tugas") == [NOTHING]


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """An item for each duty, under the name and legal basis it has on the day of hand-in."""
    catalogue, chosen = ctx.content.get("katalog-tugas"), many(data, "tugas")
    found = {id: catalogue.entry(id.partition(":")[0]) for id in chosen} if catalogue else {}
    known = {
        option.id: (option, entry)
        for entry in found.values()
        if entry is not None
        for option in _options(catalogue, entry, ctx.today)
    }
    letter = _letter(data)
    items: list[Item] = []
    for id in chosen:
        if id in known:
            option, entry = known[id]
            detail = [("Dasar", _as_of(entry, ctx.today).get("dasar", "")), ("SK atau Surat Tugas", letter)]
            detail.extend(details(ctx, KIND))
            items.append(Item(f"{KIND}:{id}", KIND, option.label, tuple(pair for pair in detail if pair[1])))
    return StepProjection(tuple(items))


def upgrade(data: Mapping[str, Json], from_: int) -> Mapping[str, Json]:
    """Format 1 had number and date of the letter in one text: all of it is the number now."""
    if from_ >= 2 or "sk" not in data:
        return data
    return {**{key: value for key, value in data.items() if key != "sk"}, "nomor": " ".join(one(data, "sk").split())}


def _letter(data: Mapping[str, Json]) -> str:
    """Number and date of the letter as far as they are known: «800/012/SDN1/2023, 10 Juli 2023»."""
    dated = day(data, "tanggal")
    return ", ".join(text for text in (one(data, "nomor"), day_text(dated) if dated else "") if text)


def _options(catalogue: Content | None, entry: Entry, day: date) -> Iterator[Option]:
    """The entry as it is named on a day; one option for each post within it where it lists posts (`jabatan`)."""
    now = _as_of(entry, day)
    groups = catalogue.data.get("nama_kelompok", {}) if catalogue else {}
    posts: Iterable[Mapping[str, Json]] = entry.data.get("jabatan") or ({},)
    for post in posts:
        hours = post.get("jp", now.get("jp"))
        basis = [now.get("dasar", ""), entry.data.get("syarat", "")]
        yield Option(
            f"{entry.id}:{post['id']}" if post else entry.id,
            f"{now['label']}: {post['label']}" if post else now["label"],
            detail=". ".join(text.rstrip(".") for text in basis if text),
            tag=f"{hours} JP per minggu" if hours else "",
            group=groups.get(entry.data.get("kelompok", ""), ""),
            provisional=bool(now.get("provisional", entry.provisional)),
        )


def _as_of(entry: Entry, day: date) -> dict[str, Json]:
    """The entry's own values with those of its dated version (`masa`) that holds on the day."""
    own: dict[str, Json] = {**entry.data, "label": entry.label, "provisional": entry.provisional}
    for version in entry.data.get("masa", ()):
        since, until = _day(version.get("valid_from")), _day(version.get("valid_to"))
        if holds_on(since, until, day):
            return {**own, "provisional": False, **version}
    return own


def _day(value: Json) -> date | None:
    """A day as TOML gives it, or as it comes back from a snapshot."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if value else None


STEP = Step(
    id=KIND,
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=("memutuskan", "menyarankan"),
    editors=("memutuskan",),
    together=True,
    carry=True,
    format=2,
    upgrade=upgrade,
    options=("tidak_ada",),
)
