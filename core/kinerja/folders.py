"""A plugin that is only data: a folder of TOML with no line of Python. A rule change needs nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kinerja.contracts import Content, Scheme
from kinerja.hooks import hookimpl
from kinerja.rules.reader import load
from kinerja.schemes import compile_scheme


class Folder:
    """Brings every scheme and every content of one folder; the host uses it where a plugin has no `__init__.py`.

    A file with `jenis` is a content, one with `periode` a scheme. A file that is neither, or wrong, raises ValueError
    with its name, and the plugin is set aside.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    @hookimpl
    def register_schemes(self) -> list[Scheme]:
        return [compile_scheme(raw, f"{self.home.name}/{name}") for name, raw in self._files() if "periode" in raw]

    @hookimpl
    def register_content(self) -> list[Content]:
        found = []
        for name, raw in self._files():
            if "jenis" in raw:
                try:
                    found.append(Content.parse(raw))
                except (KeyError, TypeError) as problem:
                    raise ValueError(f"{name}: kunci {problem} belum ada atau bentuknya salah") from problem
            elif "periode" not in raw:
                raise ValueError(f"{name}: bukan skema (tidak ada «periode») dan bukan isi (tidak ada «jenis»)")
        return found

    def _files(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for path in sorted(self.home.glob("*.toml")):
            if path.name != "plugin.toml":
                yield path.name, load(path, path.name)
