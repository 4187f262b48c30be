"""What the benchmark measures in: the demo world, a school whose head has 25 plans to look at, and signed-in people."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kinerja import testing
from kinerja.contracts import Form, Json
from kinerja.kernel import Config, Kernel
from kinerja.models import Assignment, Person, Unit
from kinerja.people import add_unit
from kinerja.testing import Player, add_person, case_of, set_date, unit
from kinerja_office import choosing
from kinerja_web import forms as inputs
from kinerja_web import hooks
from kinerja_web.seed import seed
from tests.faults.tools import ROOT, Browser, let_sign_in, plans, server

DEMO = ROOT / "config" / "demo"
PLAN, STEP = "perencanaan", "kompetensi-katalog"
CLASS = 25
WRITERS = 4
IDLE = 200

_IDLE_TOML = """id = "diam-{n}"
name = "Diam {n}"
version = "1.0.0"
api = 1
summary = "Ditanya dan tidak menjawab."
contact = "uji@contoh.test"
restricted = false
"""
_IDLE_CODE = """from kinerja_web import hookimpl


@hookimpl
def fill_slot(slot):
    return None


@hookimpl
def before_transition(change):
    return None
"""


@dataclass
class World:
    """Folders of data to serve, and the cookies of people in them. `quiet` has no behaviour plugin on, `idle` has many."""

    data: Path
    head: str = ""
    other_head: str = ""
    teacher: str = ""
    writers: list[tuple[str, str, str]] = field(default_factory=list)
    fresh: tuple[str, str, str] = ("", "", "")
    switched_off: list[str] = field(default_factory=list)

    @property
    def quiet(self) -> Path:
        return self.data.with_name("quiet")

    @property
    def idle(self) -> Path:
        return self.data.with_name("idle")


def url(data: Path) -> str:
    return f"sqlite:///{data / 'kinerja.db'}"


def open_kernel(data: Path, *, fresh: bool = False) -> Kernel:
    made = testing.start(Config(data, url(data), demo=True), hooks, fresh=fresh)
    if made.host.faults:
        raise RuntimeError(f"plugins set aside: {made.host.faults}")
    return made


def build(folder: Path) -> World:
    """Make the world; takes some seconds."""
    world = World(folder / "ours")
    kernel = open_kernel(world.data, fresh=True)
    head, held, people = school(kernel)
    others = plans("Januari", "tolok-ukur", "99990102")
    writers = others[: WRITERS + 1]
    for case in writers[:WRITERS]:
        Player(kernel, case.person.name).fill(case.id, PLAN)
    budi = Player(kernel, "Budi Contoh").through("kepala-sekolah")
    accounts = let_sign_in(kernel, [head, people[0], testing.person("Budi Contoh"), *(case.person for case in writers)])
    testing.stop()

    with server(world.data, url(world.data)) as site:

        def cookie(person: int, assignment: int | None = None) -> str:
            browser = Browser(site.port)
            browser.sign_in(accounts[person])
            if assignment is not None and browser.post("/kapasitas", {"penugasan": str(assignment)})[0] != 303:
                raise RuntimeError("the head cannot act as head")
            return f"kinerja={browser.cookies['kinerja']}"

        world.head = cookie(head.id, held.id)
        world.other_head = cookie(testing.person("Budi Contoh").id, budi.assignment)
        world.teacher = cookie(people[0].id)
        world.writers = [(cookie(case.person_id), case.id, case.person.name) for case in writers[:WRITERS]]
        last = writers[WRITERS]
        world.fresh = (accounts[last.person_id], last.id, last.person.name)
    _others(world)
    return world


def school(kernel: Kernel) -> tuple[Person, Assignment, list[Person]]:
    """The demo world with a school whose head has a class of handed-in plans to look at: the head, their post, the class."""
    seed(kernel, DEMO, fill={"simulator": "http://127.0.0.1:9"})
    like = unit("99990101")
    at = add_unit("tolok-ukur", "SD Negeri Tolok Ukur", "sd", unit("contoh-asri"), attributes=like.attributes)
    since, asn = date(2023, 1, 2), {"employment": "pns", "rank": "pns-iii-c", "level": "ahli-pertama", "sex": "P"}
    head, held = add_person("Kepala Tolok Ukur", "kepala-sekolah", at, "definitif", since, **asn)
    names = [f"Guru Tolok {n:02d}" for n in range(1, CLASS + 1)]
    people = [add_person(name, "guru", at, "definitif", since, title_back="S.Pd.", **asn)[0] for name in names]
    set_date(kernel, tomllib.loads((DEMO / "periode.toml").read_text("utf-8"))["today"])
    for name in names:
        case, player = case_of(name, "Januari"), Player(kernel, name)
        player.fill(case, PLAN)
        player.do(case, PLAN, "ajukan")
    return head, held, people


def _others(world: World) -> None:
    """Two more data folders: one whose region switched off all that only behaves, one with many idle plugins."""
    for data in (world.quiet, world.idle):
        shutil.copytree(world.data, data)
    kernel = open_kernel(world.quiet)
    top, below = Unit.get(Unit.parent.is_null()), [unit("contoh-asri"), unit("contoh-bahari")]
    owners = {owner for (kind, _), owner in kernel.host.registry.owner.items() if kind != "connectors"}
    for plugin in sorted(set(kernel.host.manifests) - owners):
        for one in [top] if kernel.host.manifests[plugin].restricted else [top, *below]:
            choosing.set_choice(kernel, one, plugin, None, on=False)
        world.switched_off.append(plugin)
    testing.stop()
    folder = world.idle.with_name("plugins-idle")
    for n in range(IDLE):
        package = folder / f"kinerja_diam_{n}"
        package.mkdir(parents=True)
        (package / "plugin.toml").write_text(_IDLE_TOML.format(n=n), "utf-8")
        (package / "__init__.py").write_text(_IDLE_CODE, "utf-8")
    (world.idle / "none.toml").write_text(f"plugin_folders = [{str(folder)!r}]\n", "utf-8")


def encoded(form: Form, answers: Mapping[str, Json]) -> list[tuple[str, str]]:
    """A form as a browser would send it with these answers."""
    told: list[tuple[str, str]] = []
    for one in form.fields:
        value = answers.get(one.key)
        match one.kind:
            case "quantities" | "levels":
                told.append((inputs.ASKED, inputs.name(one)))
                given: Mapping[str, Json] = value or {}
                told += [(inputs.name(one, id.id), str(given.get(id.id, ""))) for id in one.rows or one.options]
            case "many":
                told.append((inputs.ASKED, inputs.name(one)))
                told += [(inputs.name(one), str(each)) for each in _list(value)]
            case "read" | "file":
                pass
            case "check":
                told += [(inputs.name(one), "1")] * bool(value)
            case _:
                told.append((inputs.name(one), str(value or "")))
    return told


def _list(value: Json) -> Iterable[Json]:
    return value if isinstance(value, list) else []
