"""The sockets of the kernel. A plugin implements any of these with `@kinerja.hookimpl`; each is told in docs/hooks.md.

`register_*` hooks are asked once when the process starts, with no database and no network, and return frozen values.
`before_transition` is asked before a change is made, only of plugins that are on at the unit of the case.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from kinerja.contracts import (
    Change,
    Connector,
    Content,
    EvidenceHandler,
    Scheme,
    SettingSpec,
    Stage,
    Step,
)

NAME = "kinerja"
hookspec = pluggy.HookspecMarker(NAME)
hookimpl = pluggy.HookimplMarker(NAME)


@hookspec
def register_schemes() -> Iterable[Scheme]:  # type: ignore[empty-body]  # a socket has no body
    """Bring schemes of rules. Asked once at start; a scheme that names unknown facts is set aside with its reason."""


@hookspec
def register_stages() -> Iterable[Stage]:  # type: ignore[empty-body]  # a socket has no body
    """Bring stages that schemes may compose. Asked once at start; an id already taken sets the later plugin aside."""


@hookspec
def register_steps() -> Iterable[Step]:  # type: ignore[empty-body]  # a socket has no body
    """Bring steps that schemes may put into any stage. Asked once at start; an id already taken sets the plugin aside."""


@hookspec
def register_content() -> Iterable[Content]:  # type: ignore[empty-body]  # a socket has no body
    """Bring rubrics, catalogues and reference lists. Asked once at start; two that fit equally are put to the region."""


@hookspec
def register_evidence_handlers() -> Iterable[EvidenceHandler]:  # type: ignore[empty-body]  # a socket has no body
    """Bring ways to give evidence, named by schemes. Asked once at start."""


@hookspec
def register_connectors() -> Iterable[Connector]:  # type: ignore[empty-body]  # a socket has no body
    """Bring outside systems: sending, imports, a simulator. Asked once at start; they run in the worker alone."""


@hookspec
def register_settings() -> SettingSpec | None:
    """Describe the plugin's own settings as a form. Asked once at start; values are kept per unit, nearest first."""


@hookspec
def before_transition(change: Change) -> str | None:
    """Object to a change: return the reason, shown to the person who asked, or None.

    Asked before the transaction opens, and once more when the case moved in between. Every objection is shown.
    A plugin that fails here counts as objecting, by its name, until it is mended, switched off or suspended.
    """
