"""Step tugas-tambahan: duties beside teaching, each given by a decree (SK) or a letter of assignment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from kinerja import SUBJECT, Content, Entry, Field, Form, Item, Json, Option, Step, StepContext, StepProjection
from kinerja_perencanaan.answers import NOTHING, many, one, submit, title

LABEL = "Tugas Tambahan"
KIND = "tugas-tambahan"


def form(ctx: StepContext) -> Form:
    """The duties valid today at this kind of school; nothing to fill in where no list is meant for the role."""
    catalogue = ctx.content.get("katalog-tugas")
    if catalogue is None:
        sentence = "Tidak ada daftar tugas tambahan untuk jabatan Anda. Lanjutkan ke bagian berikutnya."
        return Form(title(ctx, LABEL), notices=(sentence,), submit=submit(ctx))
    kind = ctx.case.profile.get("bentuk", "")
    options = tuple(
        option
        for entry in catalogue.valid_on(ctx.today)
        if not kind or kind in entry.data.get("bentuk", (kind,))
        for option in _options(catalogue, entry, ctx.today)
    )
    none = str(ctx.options.get("tidak_ada", ""))
    without = has_none(ctx.parts.get(KIND, {}))
    chosen = Field(
        "tugas",
        "Pilih tugas tambahan Anda",
        "many",
        help="Sesuai SK atau Surat Tugas. Boleh lebih dari satu."
        + (" Isian SK muncul setelah pilihan tugas disimpan." if without else ""),
        required=bool(none),
        options=options,
        none=none,
    )
    letter = Field(
        "sk",
        "Nomor dan tanggal SK atau Surat Tugas",
        "longtext",
        help="Hanya bagi yang punya tugas tambahan. Boleh menyusul.",
        most=500,
    )
    way = f"Pilih «{none}» di bawah." if none else "Lanjutkan ke bagian berikutnya."
    return Form(
        title(ctx, LABEL),
        (chosen,) if without else (chosen, letter),
        intro=f"Tidak punya, atau tidak ada di daftar? {way}",
        submit=submit(ctx),
    )


def has_none(data: Mapping[str, Json]) -> bool:
    """Whether the answer is «none of these»: then no letter is asked for, kept or shown."""
    return data.get("tugas") == [NOTHING]


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """An item for each duty, under the name and legal basis it has on the day of hand-in."""
    catalogue = ctx.content.get("katalog-tugas")
    known = {
        option.id: (option, entry)
        for entry in (catalogue.entries if catalogue else ())
        for option in _options(catalogue, entry, ctx.today)
    }
    letter = one(data, "sk")
    items: list[Item] = []
    for id in many(data, "tugas"):
        if id in known:
            option, entry = known[id]
            detail = [("Dasar", _as_of(entry, ctx.today).get("dasar", "")), ("SK atau Surat Tugas", letter)]
            items.append(Item(f"{KIND}:{id}", KIND, option.label, tuple(pair for pair in detail if pair[1])))
    return StepProjection(tuple(items))


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
        if (since is None or since <= day) and (until is None or day <= until):
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
    options=("tidak_ada",),
)
