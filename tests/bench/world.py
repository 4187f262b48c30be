"""What the benchmark measures in: the demo world, a school whose head has 25 plans to look at, eight more whose
200 teachers write theirs, and signed-in people."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from kinerja import testing
from kinerja.contracts import Form, Json
from kinerja.kernel import Config, Kernel
from kinerja.models import Assignment, Unit
from kinerja.people import add_unit
from kinerja.testing import Player, add_person, case_of, set_date, unit
from kinerja_office import choosing, sessions
from kinerja_web import forms as inputs
from kinerja_web import hooks
from kinerja_web.seed import seed
from kinerja_web.session import COOKIE
from tests.faults.tools import ROOT, let_sign_in

DEMO = ROOT / "config" / "demo"
PLAN, STEP = "perencanaan", "kompetensi-katalog"
CLASS = 25
SCHOOLS = 8
WRITERS = SCHOOLS * CLASS
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
    """Folders of data to serve, and the cookies of people in them. `quiet` has no behaviour plugin on, `idle` has many.

    `writers` are (cookie, case, cookie of the head) of teachers with a filled plan; `fresh` is an account and the case of
    somebody who has written nothing.
    """

    data: Path
    head: str = ""
    other_head: str = ""
    teacher: str = ""
    officer: str = ""
    units: dict[str, int] = field(default_factory=dict)
    writers: list[tuple[str, str, str]] = field(default_factory=list)
    fresh: tuple[str, str, str] = ("", "", "")
    switched_off: list[str] = field(default_factory=list)

    @property
    def quiet(self) -> Path:
        return self.data.with_name("quiet")

    @property
    def idle(self) -> Path:
        return self.data.with_name("idle")


def packed(world: World, file: Path) -> Path:
    """A world written down, for processes of their own."""
    file.write_text(json.dumps({**asdict(world), "data": str(world.data)}), "utf-8")
    return file


def unpacked(file: Path) -> World:
    told = json.loads(file.read_text("utf-8"))
    return World(**{**told, "data": Path(told["data"])})


def url(data: Path) -> str:
    return f"sqlite:///{data / 'kinerja.db'}"


def open_kernel(data: Path, *, fresh: bool = False) -> Kernel:
    made = testing.start(Config(data, url(data), demo=True), hooks, fresh=fresh)
    if made.host.faults:
        raise RuntimeError(f"plugins set aside: {made.host.faults}")
    return made


def build(folder: Path) -> World:
    """Make the world; takes a minute."""
    world = World(folder / "ours")
    kernel = open_kernel(world.data, fresh=True)
    seed(kernel, DEMO, fill={"simulator": "http://127.0.0.1:9"})
    add_school("tolok-ukur", "Tolok", CLASS)
    for n in range(SCHOOLS):
        add_school(f"tolok-{n}", f"Tulis-{n}", CLASS)
    add_school("tolok-baru", "Baru", 1)
    open_period(kernel)
    hand_in_all(kernel)
    for n in range(SCHOOLS):
        head = cookie(kernel, f"Kepala Tulis-{n}", "kepala-sekolah")
        for k in range(1, CLASS + 1):
            name = f"Guru Tulis-{n} {k:02d}"
            case = case_of(name, "Januari")
            Player(kernel, name).fill(case, PLAN)
            world.writers.append((cookie(kernel, name), case, head))

    world.head = cookie(kernel, "Kepala Tolok", "kepala-sekolah")
    world.other_head = cookie(kernel, "Budi Contoh", "kepala-sekolah")
    world.teacher = cookie(kernel, "Guru Tolok 01")
    world.officer = cookie(kernel, "Danu Contoh", "admin-dinas")
    world.units = {"school": unit("tolok-ukur").id, "district": unit("contoh-asri").id}
    new = testing.person("Guru Baru 01")
    world.fresh = (let_sign_in(kernel, [new])[new.id], case_of(new.name, "Januari"), new.name)
    testing.stop()
    return world


def school(kernel: Kernel, others: int = 0) -> None:
    """The demo world with a school whose head has a class of handed-in plans to look at, and others whose teachers have
    begun nothing."""
    seed(kernel, DEMO, fill={"simulator": "http://127.0.0.1:9"})
    add_school("tolok-ukur", "Tolok", CLASS)
    for n in range(others):
        add_school(f"tolok-{n}", f"Tulis-{n}", CLASS)
    open_period(kernel)
    hand_in_all(kernel)


def add_school(code: str, name: str, teachers: int) -> None:
    """A school in the demo's district, with a head and teachers."""
    like = unit("99990101")
    at = add_unit(code, f"SD Negeri {name}", "sd", unit("contoh-asri"), attributes=like.attributes)
    since, asn = date(2023, 1, 2), {"employment": "pns", "rank": "pns-iii-c", "level": "ahli-pertama", "sex": "P"}
    add_person(f"Kepala {name}", "kepala-sekolah", at, "definitif", since, **asn)
    for n in range(1, teachers + 1):
        add_person(f"Guru {name} {n:02d}", "guru", at, "definitif", since, title_back="S.Pd.", **asn)


def open_period(kernel: Kernel) -> None:
    set_date(kernel, tomllib.loads((DEMO / "periode.toml").read_text("utf-8"))["today"])


def hand_in_all(kernel: Kernel) -> None:
    """Let the class hand in its plans."""
    for n in range(1, CLASS + 1):
        name = f"Guru Tolok {n:02d}"
        case, player = case_of(name, "Januari"), Player(kernel, name)
        player.fill(case, PLAN)
        player.do(case, PLAN, "ajukan")


def token(kernel: Kernel, name: str, role: str = "") -> str:
    """Somebody signed in, in the capacity that a role gives them."""
    who = testing.person(name)
    sessions.identify("tolok", name, who)
    made = sessions.begin(kernel, "tolok", name, "")
    assert made is not None
    held = Assignment.get_or_none((Assignment.person == who) & (Assignment.role == role))
    context = sessions.read(kernel, made)
    assert context is not None
    sessions.take_capacity(context, held.id if held else None)
    return made


def cookie(kernel: Kernel, name: str, role: str = "") -> str:
    return f"{COOKIE}={token(kernel, name, role)}"


def make_others(world: World) -> None:
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
