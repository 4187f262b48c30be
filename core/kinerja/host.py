"""Find plugins, load them one by one, and ask each behind its own guard.

This guards against mistakes, not malice: a plugin is code with full rights. Operators install, regions switch on.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, ParamSpec, TypeVar

import pluggy

import kinerja
from kinerja import hooks
from kinerja.folders import Folder
from kinerja.registry import Registry
from kinerja.rules.plugin import MANIFEST
from kinerja.rules.reader import Reader, load
from kinerja.shapes import sound

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `plugin.toml` says, read before any code of the plugin runs. `on` false: off until somebody switches it on."""

    id: str
    name: str
    version: str
    api: int
    summary: str
    contact: str
    restricted: bool
    package: str
    on: bool = True

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read and check one manifest; a ValueError says what is wrong and what to write instead."""
        package, told = path.parent.name, Reader().read(MANIFEST, load(path, "plugin.toml"), "plugin.toml")
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", told["id"]):
            raise ValueError(f"plugin.toml: id «{told['id']}» harus huruf kecil, angka, dan tanda hubung.")
        if package != "kinerja_" + told["id"].replace("-", "_"):
            raise ValueError(f"Folder {package} tidak sesuai id «{told['id']}». Ganti nama salah satunya.")
        if told["api"] != kinerja.API:
            raise ValueError(f"Ditulis untuk API {told['api']}, di sini API {kinerja.API}. Pasang versi yang sesuai.")
        return cls(**told, package=package)


@dataclass(frozen=True, slots=True)
class Fault:
    """A plugin that was set aside, or that failed when asked. `where` is the hook, or "load"."""

    plugin: str
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """What one plugin said: a value, or the exception it raised instead."""

    plugin: str
    value: R | None = None
    problem: BaseException | None = None


@dataclass(eq=False)
class Host:
    """The loaded plugins of one process. `strict` re-raises instead of setting aside, for tests of a plugin itself."""

    strict: bool = False
    manifests: dict[str, Manifest] = field(default_factory=dict, init=False)
    modules: dict[str, Any] = field(default_factory=dict, init=False)
    faults: dict[tuple[str, str], Fault] = field(default_factory=dict, init=False)
    registry: Registry = field(default_factory=Registry, init=False)
    _manager: pluggy.PluginManager = field(default_factory=partial(pluggy.PluginManager, hooks.NAME), init=False)
    _table: dict[tuple[str, frozenset[str]], tuple[tuple[str, Any], ...]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.open(hooks)

    def open(self, sockets: ModuleType) -> None:
        """Add a module of sockets; the web opens its own before loading."""
        self._manager.add_hookspecs(sockets)

    def load(self, found: Iterable[Path]) -> None:
        """Load every plugin whose manifest lies at these paths, in order of package name, each behind its guard."""
        for path in sorted(found, key=lambda path: path.parent.name):
            try:
                manifest = Manifest.read(path)
                if manifest.id in self.manifests:
                    raise ValueError(f"Id «{manifest.id}» sudah dipakai plugin lain. Hapus salah satu folder.")
                code = path.parent / "__init__.py"
                module = _import(manifest.package) if code.exists() else Folder(path.parent)
            except BaseException as problem:
                self.blame(path.parent.name, "load", problem)
            else:
                self.add(module, manifest)

    def add(self, plugin: Any, manifest: Manifest) -> None:
        """Register one imported plugin (a module, or an object of a test) and take in what it brings."""
        try:
            self._manager.register(plugin, name=manifest.id)
            self._manager.check_pending()
            self._refuse_wrappers(plugin)
            self.registry.take(
                manifest.id,
                {name: impl.function() for name, impl in self._brought(plugin) if name.startswith("register_")},
            )
        except BaseException as problem:
            if self._manager.get_plugin(manifest.id) is plugin:
                self._manager.unregister(plugin)
            self.registry.drop(manifest.id)
            self.blame(manifest.id, "load", problem)
        else:
            self.manifests[manifest.id] = manifest
            self.modules[manifest.id] = plugin
        self._table.clear()

    def ready(self) -> None:
        """Check what plugins bring against each other, once all are loaded; sets schemes aside that cannot work."""
        for plugin, problem in self.registry.settle():
            self.blame(plugin, "load", problem)

    def ask(self, spec: Callable[P, R], among: frozenset[str], *_: P.args, **arguments: P.kwargs) -> list[Answer[R]]:
        """Put one question to each plugin named in *among*, in order of id; each answers inside its own guard."""
        answers = [
            self.guarded(plugin, spec.__name__, call) for plugin, call in self.calls(spec, among, *_, **arguments)
        ]
        return [one for one in answers if one.value is not None or one.problem is not None]

    def calls(
        self, spec: Callable[P, R], among: frozenset[str], *_: P.args, **arguments: P.kwargs
    ) -> list[tuple[str, Callable[[], R]]]:
        """The same question not put yet, as (plugin, call), for whoever must do more inside the plugin's own guard.
        What the socket says is iterable is gone through by the call: a generator fails there or nowhere."""
        several = "Iterable" in str(spec.__annotations__.get("return"))
        made: list[tuple[str, Callable[[], R]]] = []
        for plugin, impl in self._implementations(spec.__name__, among):
            call = partial(impl.function, *(arguments[name] for name in impl.argnames))
            made.append((plugin, partial(_all_of, call) if several else call))
        return made

    def guarded(self, plugin: str, where: str, call: Callable[[], R], kind: type | None = None) -> Answer[R]:
        """Run one callable that a plugin registered (a form, a projection) behind the same guard as a hook; an answer
        that is not of the contract's `kind` is a failure as well."""
        try:
            made = call()
            if kind is not None and not sound(made, kind):
                raise TypeError(f"{where} harus mengembalikan {kind.__name__} yang utuh, bukan {type(made).__name__}")
            return Answer(plugin, made)
        except BaseException as problem:  # a plugin that ends the program ends only its own answer
            self.blame(plugin, where, problem)
            return Answer(plugin, problem=problem)

    def _implementations(self, hook: str, among: frozenset[str]) -> tuple[tuple[str, Any], ...]:
        key = (hook, among)
        if key not in self._table:
            impls = sorted(getattr(self._manager.hook, hook).get_hookimpls(), key=lambda impl: impl.plugin_name)
            self._table[key] = tuple((impl.plugin_name, impl) for impl in impls if impl.plugin_name in among)
        return self._table[key]

    def _brought(self, plugin: Any) -> list[tuple[str, Any]]:
        """What a plugin implements, as (socket, implementation)."""
        return [
            (one.name, impl)
            for one in self._manager.get_hookcallers(plugin) or ()
            for impl in one.get_hookimpls()
            if impl.plugin is plugin
        ]

    def _refuse_wrappers(self, plugin: Any) -> None:
        for name, impl in self._brought(plugin):
            if impl.wrapper or impl.hookwrapper:
                raise ValueError(f"{name} tidak boleh membungkus plugin lain. Hapus «wrapper».")

    def blame(self, plugin: str, where: str, problem: BaseException) -> None:
        """Note a failure as this plugin's, also one that showed elsewhere, such as on its page; the administrator reads
        it by the plugin's name. Raises it again where the host is strict, and where whoever runs the process ends it."""
        if self.strict or isinstance(problem, KeyboardInterrupt):
            raise problem
        sentence = str(problem) if isinstance(problem, ValueError) else f"{type(problem).__name__}: {problem}"
        first = (plugin, where) not in self.faults
        self.faults[plugin, where] = Fault(plugin, where, sentence)
        if first:
            log.error("plugin %s: %s: %s", plugin, where, sentence, exc_info=problem)


def find(folders: Iterable[Path] = ()) -> list[Path]:
    """Find manifests: beside the package `kinerja` (a checkout's plugins/ or site-packages), in the operator's
    *folders*, and those that third parties announce under the entry point group. Imports nothing."""
    beside = Path(kinerja.__file__).resolve().parent.parent
    if beside.name == "core":
        beside = beside.parent / "plugins"
    found: dict[Path, None] = {}
    for folder in (beside, *folders):
        folder = folder.resolve()
        if folder.is_dir():
            if str(folder) not in sys.path:
                sys.path.append(str(folder))
            found.update(dict.fromkeys(sorted(folder.glob("kinerja_*/plugin.toml"))))
    for point in entry_points(group=hooks.NAME):
        spec = importlib.util.find_spec(point.value.partition(":")[0].partition(".")[0])
        if spec and spec.submodule_search_locations:
            found[Path(next(iter(spec.submodule_search_locations)), "plugin.toml").resolve()] = None
    return list(found)


def _import(package: str) -> ModuleType:
    try:
        return importlib.import_module(package)
    except SystemExit as problem:
        raise RuntimeError("plugin menghentikan program ketika dimuat") from problem


def _all_of(call: Callable[[], Any]) -> Any:
    made = call()
    return None if made is None else tuple(made)
