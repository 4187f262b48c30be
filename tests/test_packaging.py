"""The wheel: what lies in it, and that it works without the checkout. Built and run offline, from this environment alone."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {"kinerja", "kinerja_read", "kinerja_office", "kinerja_work"}
PLUGINS = {path.parent.name for path in (ROOT / "plugins").glob("*/plugin.toml")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the backend that pyproject.toml names, into a folder outside the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked, as an installer would put it into site-packages."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, code: str, folder: Path) -> str:
    """Run code where only the unpacked wheel and the dependencies can be imported.

    `-S` leaves out the environment's own site-packages and so its .pth file, which names the checkout; the same folder
    then comes back by PYTHONPATH, where no .pth is read.
    """
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("KINERJA", "PYTHON"))}
    paths = [installed, *{sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}]
    environment = {**keep, "PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_only_our_packages_reach_site_packages(installed: Path) -> None:
    names = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert names == {*ROOMS, "kinerja_web", *PLUGINS}


def test_everything_in_a_package_folder_reaches_the_wheel(installed: Path) -> None:
    """Templates, styles, TOML and migrations too: whatever lies beside the code."""
    missing = []
    for folder in ("core", "web", "plugins"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(ROOT / folder)
                missing += [str(name)] if not (installed / name).exists() else []
    assert missing == []


def test_the_command_is_declared(installed: Path) -> None:
    (file,) = installed.glob("*.dist-info/entry_points.txt")
    told = configparser.ConfigParser()
    told.read(file)
    assert dict(told["console_scripts"]) == {"kinerja": "kinerja_web.cli:main"}


def test_the_wheel_needs_what_the_project_names(installed: Path) -> None:
    (file,) = installed.glob("*.dist-info/METADATA")
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    needs = [line for line in file.read_text("utf-8").splitlines() if line.startswith("Requires-Dist:")]
    assert len([line for line in needs if "extra ==" not in line]) == len(wanted)


FIND = """
import sys
import kinerja
from kinerja.host import Host, find
from kinerja_web import hooks
host = Host()
host.open(hooks)
host.load(find())
host.ready()
print(kinerja.__file__)
print(",".join(sorted(manifest.package for manifest in host.manifests.values())))
print(host.faults)
print([path for path in sys.path if path.startswith({root!r}) and "site-packages" not in path])
"""


def test_all_bundled_plugins_are_found_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    file, packages, faults, leaked = run(installed, FIND.format(root=str(ROOT)), tmp_path).splitlines()
    assert Path(file).is_relative_to(installed)
    assert set(packages.split(",")) == PLUGINS
    assert (faults, leaked) == ("{}", "[]")


SERVE = """
from pathlib import Path
from kinerja import database
from kinerja.kernel import Config, Kernel
from kinerja.migrations import migrate
from kinerja_web import create_app, hooks
kernel = Kernel.start(Config(Path("data").resolve()), hooks)
database.proxy.connect(reuse_if_open=True)
print(len(migrate()))
browser = create_app(kernel).test_client()
page = browser.get("/masuk")
print(page.status_code)
import re
print([browser.get(url).status_code for url in sorted(set(re.findall(r'"(/static/[^"]+)"', page.text)))[:1]])
"""


def test_a_site_starts_from_the_wheel_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    assert run(installed, SERVE, tmp_path).split() == ["1", "200", "[200]"]


LOADED = """
import sys
from kinerja.kernel import Config, Kernel
from kinerja_web import create_app, hooks
from pathlib import Path
create_app(Kernel.start(Config(Path(sys.argv[1])), hooks))
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_a_site_starts_without_what_only_an_import_or_a_test_needs(tmp_path: Path):
    path = os.pathsep.join(str(ROOT / one) for one in ("core", "web", "plugins"))
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, str(tmp_path)], env={**os.environ, "PYTHONPATH": path}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert set(ran.stdout.split()) & {"python_calamine", "xml", "pytest", "xlsxwriter"} == set()
