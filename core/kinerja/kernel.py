"""One running installation: its configuration, its plugins, and what is kept in memory until the stamp moves."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from kinerja import database
from kinerja import host as hosts
from kinerja.clock import Clock
from kinerja.contracts import Content, Entry, Json, Scheme
from kinerja.host import Host
from kinerja.rules import reader
from kinerja.rules.installation import INSTALLATION
from kinerja.snapshot import Snapshot, load

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Config:
    """An installation, from `config/kinerja.toml` or built by a test. `data` holds the files, and SQLite by default.
    `proxies` is how many servers of the operator's own stand before this one, whose word on https is believed."""

    data: Path
    database: str = ""
    plugin_folders: tuple[Path, ...] = ()
    demo: bool = False
    proxies: int = 0

    @classmethod
    def read(cls, path: Path) -> Config:
        """Read the file; KINERJA_DATA, KINERJA_DATABASE and KINERJA_DEMO of the environment win over it."""
        told = reader.Reader().read(INSTALLATION, reader.load(path, str(path)) if path.exists() else {}, str(path))
        return cls(
            data=Path(os.environ.get("KINERJA_DATA") or told["data"]).resolve(),
            database=os.environ.get("KINERJA_DATABASE") or told["database"],
            plugin_folders=tuple(Path(folder).resolve() for folder in told["plugin_folders"]),
            demo=os.environ.get("KINERJA_DEMO", "") == "1" or told["demo"],
            proxies=told["proxies"],
        )

    @property
    def url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'kinerja.db'}"


@dataclass
class Kernel:
    """Handed to every function of the kernel in place of globals. Not shared between processes."""

    config: Config
    host: Host
    stamp: int = 0
    clock: Clock = field(default_factory=Clock)
    kept: dict[Any, Any] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)

    @classmethod
    def start(cls, config: Config, *sockets: Any, strict: bool = False) -> Kernel:
        """Find and load plugins and bind the database. `sockets` are further modules of hooks, such as the web's."""
        config.data.mkdir(parents=True, exist_ok=True)
        database.connect_to(config.url)
        host = Host(strict)
        for module in sockets:
            host.open(module)
        host.load(hosts.find(config.plugin_folders))
        host.ready()
        return cls(config, host)

    def connect(self) -> None:
        """Take a connection for this thread's next stretch of work, where it has none."""
        database.proxy.connect(reuse_if_open=True)

    def release(self) -> None:
        """Give the connection back to its pool. SQLite keeps its thread's connection open."""
        if not database.is_sqlite() and not database.proxy.in_transaction() and not database.proxy.is_closed():
            database.proxy.close()

    def refresh(self, stamp: int, offset: int) -> None:
        """Take over the version stamp and demo offset that a request or run just read; drops what is outdated."""
        if stamp != self.stamp:
            self.kept = {}
            self.stamp = stamp
        if offset != self.clock.offset.total_seconds():
            self.clock = Clock(timedelta(seconds=offset))

    def sync(self) -> None:
        """Read stamp and offset by a statement of their own: for the worker, commands and tests."""
        values = dict(database.rows("SELECT name, value FROM setting"))
        self.refresh(values.get("stamp", 0), values.get("demo_offset", 0))

    def snapshot(self, hash: str) -> Snapshot:
        """The values of a stored snapshot; they never change, so each is read once per process."""
        if hash not in self.snapshots:
            found = database.rows("SELECT text FROM snapshot WHERE hash = ?", hash)
            self.snapshots[hash] = load(hash, found[0][0])
        return self.snapshots[hash]

    @cached_property
    def references(self) -> Mapping[str, Content]:
        """Reference lists by kind (roles, kinds of unit …), those of several plugins put together in order of id."""
        merged: dict[str, Content] = {}
        for (kind, _), content in sorted(self.host.registry.contents.items()):
            if kind in merged:
                entries = {entry.id: entry for entry in (*merged[kind].entries, *content.entries)}
                content = Content(
                    kind, merged[kind].id, merged[kind].label, tuple(entries.values()), merged[kind].source
                )
            merged[kind] = content
        return merged

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """All of a reference list; nothing where nobody brings one."""
        content = self.references.get(kind)
        return content.entries if content else ()

    def reference(self, kind: str, id: str) -> Entry | None:
        """One of a reference list by its id."""
        content = self.references.get(kind)
        return content.entry(id) if content else None

    def label(self, kind: str, id: str) -> str:
        """The word for an id of a reference list; the id itself when nobody brings one."""
        entry = self.reference(kind, id)
        return entry.label if entry else id

    def trait(self, kind: str, id: str, name: str, default: Json = None) -> Json:
        """A further key of a reference entry, such as whether a kind of assignment is acting."""
        entry = self.reference(kind, id)
        return entry.data.get(name, default) if entry else default

    def guarded(self, name: str, call: Callable[[], R], kind: type | None = None) -> R | None:
        """What a step's or stage's function answers, or None when it fails; its plugin is then named as at fault."""
        owners = self.host.registry.owner
        return self.host.guarded(
            owners.get(("steps", name)) or owners.get(("stages", name), name), name, call, kind
        ).value

    def scheme(self, id: str) -> Scheme | None:
        return self.host.registry.schemes.get(id)
