"""Build an installation's units, people, choices and periods from a folder of TOML files, as a region or the demo has it.

The folder may hold `dunia.toml` (units, files to import and reports on schools), `orang.toml` (people no import brings), `pilihan.toml`
(plugins and settings), `periode.toml` (periods to plan) and `akun.toml` (example people who may sign in).
Seeding twice adds nothing twice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kinerja import people, settings, units
from kinerja.contracts import Json
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Job, Person, PersonId, Unit
from kinerja_office import choosing, facts, periods, sessions
from kinerja_work import imports, jobs

Progress = Callable[[str, int, int], None]


def _quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def seed(
    kernel: Kernel,
    folder: Path,
    *,
    fill: Mapping[str, str] | None = None,
    progress: Progress = _quiet,
) -> int:
    """Load a folder; returns how many periods it names. `fill` replaces `{name}` in settings (a simulator's address).
    ValueError names a file that is wrong; what an import refuses is told as ValueError too, since a seed must be
    whole."""
    world, persons, choices, plans, accounts = (
        _read(folder / name) for name in ("dunia.toml", "orang.toml", "pilihan.toml", "periode.toml", "akun.toml")
    )
    _units(world.get("satuan", ()), progress)
    _imports(kernel, folder, world, progress)
    _reports(kernel, folder, world.get("laporan", ()))
    _people(persons, progress)
    _choices(kernel, choices.get("pilihan", ()), fill or {})
    _accounts(kernel, accounts)
    planned = 0
    for line in plans.get("periode", ()):
        scheme = kernel.scheme(line["scheme"])
        if scheme is None:
            raise ValueError(f"periode.toml: skema «{line['scheme']}» tidak terpasang")
        for code in line["units"]:
            planned += len(periods.plan(kernel, scheme, line["year"], _unit(code)))
    return planned


def _read(path: Path) -> dict[str, Json]:
    try:
        return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(f"{path.name}: {problem}") from problem


def _unit(code: str) -> Unit:
    found = units.named(code)
    if found is None:
        raise ValueError(f"satuan «{code}» tidak ada di dunia.toml")
    return found


def _units(lines: Iterable[Mapping[str, Json]], progress: Progress) -> None:
    for line in lines:
        if Unit.get_or_none(Unit.code == line["code"]) is None:
            parent = _unit(line["parent"]) if line.get("parent") else None
            people.add_unit(
                line["code"], line["name"], line["kind"], parent, zone=line["zone"], npsn=line.get("npsn"),
                attributes=line.get("attributes", {}),
            )  # fmt: skip


def _imports(kernel: Kernel, folder: Path, world: Mapping[str, Json], progress: Progress) -> None:
    how = world.get("impor")
    lines = world.get("unggahan", [])
    for number, line in enumerate(lines, 1):
        unit = _unit(line["npsn"])
        if Assignment.select().where(Assignment.unit == unit).exists() or how is None:
            continue
        files = {key: (folder / name).read_bytes() for key, name in line.items() if key != "npsn"}
        _take_over(kernel, how["penghubung"], how["pembaca"], unit, files)
        progress("Mengimpor sekolah", number, len(lines))


def _reports(kernel: Kernel, folder: Path, lines: Iterable[Mapping[str, Json]]) -> None:
    """Take over further files of a unit, each through the connector and reader its line names, unless it was before."""
    for line in lines:
        unit = _unit(line["npsn"])
        own = ("npsn", "penghubung", "pembaca")
        if not any(source == line["penghubung"] for _, _, source in facts.brought(unit.id)):
            files = {key: (folder / name).read_bytes() for key, name in line.items() if key not in own}
            _take_over(kernel, line["penghubung"], line["pembaca"], unit, files)


def _take_over(kernel: Kernel, connector: str, reader: str, unit: Unit, files: Mapping[str, bytes]) -> None:
    id = imports.start_import(kernel, connector, reader, unit, files, None)
    jobs.run_due(kernel)
    imports.confirm(kernel, id)
    jobs.run_due(kernel)
    job = Job.get_by_id(id)
    fatal = [problem for problem in job.result.get("problems", ()) if problem[3]]
    if job.state != "done" or fatal:
        raise ValueError(f"impor {unit.name}: {fatal[0][2] if fatal else job.state}")


def _people(persons: Mapping[str, Json], progress: Progress) -> None:
    lines = persons.get("orang", [])
    for number, line in enumerate(lines, 1):
        person = _known(line["ids"])
        if person is None:
            kept = ("name", "sex", "title_front", "title_back", "employment", "rank", "level")
            person = Person.create(**{key: line[key] for key in kept if key in line})
            for kind, value in line["ids"].items():
                PersonId.create(person=person, kind=kind, value=value)
        for duty in line.get("tugas", ()):
            unit = _unit(duty["unit"])
            held = (Assignment.person == person) & (Assignment.unit == unit) & (Assignment.role == duty["role"])
            if not Assignment.select().where(held).exists():
                people.assign(
                    person, duty["role"], unit, duty["kind"], duty["since"], until=duty.get("until"),
                    home=duty.get("home", False),
                    note=duty.get("note", ""), charge=[_unit(code) for code in duty.get("units", ())],
                )  # fmt: skip
        progress("Mencatat pejabat", number, len(lines))
    for line in persons.get("gelar", ()):
        person = _known({key: value for key, value in line.items() if not key.startswith("title_")})
        if person is not None:
            titles = {key: value for key, value in line.items() if key.startswith("title_")}
            Person.update(**titles).where(Person.id == person.id).execute()


def _known(ids: Mapping[str, str]) -> Person | None:
    for kind, value in ids.items():
        found = people.find_person(kind, value)
        if found is not None:
            return found
    return None


def _choices(kernel: Kernel, lines: Iterable[Mapping[str, Json]], fill: Mapping[str, str]) -> None:
    for line in lines:
        values = dict(line.get("settings", {}))
        for key, value in values.items():
            for name, text in fill.items():
                if isinstance(value, str):
                    values[key] = value = value.replace("{" + name + "}", text)
        choosing.set_choice(
            kernel,
            _unit(line["unit"]),
            line["plugin"],
            None,
            on=line.get("on"),
            locked=line.get("locked"),
            settings=values,
        )


def _accounts(kernel: Kernel, told: Mapping[str, Json]) -> None:
    """Example people may sign in through the plugin the file names, which finds their list in its root settings."""
    kept = []
    for line in told.get("akun", ()):
        numbers = {key: value for key, value in line.items() if key not in ("label", "name", "try")}
        person = _known(numbers)
        if person is None:
            raise ValueError(f"akun.toml: {line['name']} tidak ada di antara orang yang dikenal")
        for number in numbers.values():
            sessions.identify(told["penerbit"], number, person)
        kept.append(dict(line))
    root = Unit.get_or_none(Unit.parent.is_null())
    if kept and root is not None and settings.state(kernel, root.line, told["plugin"]).settings.get("akun") != kept:
        choosing.set_choice(kernel, root, told["plugin"], None, settings={"akun": kept})


def refill(kernel: Kernel, folder: Path, fill: Mapping[str, str]) -> None:
    """Put today's addresses into settings that hold a `{name}` in the folder, leaving all other choices as they are."""
    for line in _read(folder / "pilihan.toml").get("pilihan", ()):
        values = {
            key: value for key, value in line.get("settings", {}).items() if isinstance(value, str) and "{" in value
        }
        if values:
            _choices(kernel, [{"unit": line["unit"], "plugin": line["plugin"], "settings": values}], fill)
