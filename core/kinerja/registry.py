"""What loaded plugins brought: schemes, stages, steps, contents, handlers, connectors, settings, each by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kinerja.contracts import (
    FOLLOWS,
    PERMISSIONS,
    Connector,
    Content,
    EvidenceHandler,
    FactSpec,
    Scheme,
    SettingSpec,
    Stage,
    StageRule,
    Step,
)
from kinerja.rules.scheme import STEP, WARNINGS

_KINDS: Mapping[str, tuple[str, type, str]] = {
    "register_schemes": ("schemes", Scheme, "skema"),
    "register_stages": ("stages", Stage, "tahap"),
    "register_steps": ("steps", Step, "langkah"),
    "register_evidence_handlers": ("handlers", EvidenceHandler, "cara memberi bukti"),
    "register_connectors": ("connectors", Connector, "penghubung"),
}


_WORDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("roles", "izin", "peran {} memberi izin", PERMISSIONS),
    ("nilai-orang", "mengikuti", "nilai {} mengikuti cara", FOLLOWS),
    (
        "nilai-orang", "kolom", "nilai {} ada di kolom",
        ("name", "title_front", "title_back", "sex", "employment", "rank", "level"),
    ),
)  # fmt: skip
"""Kinds of content with a key whose words are a closed list, how a wrong one is told, and the list."""


@dataclass(eq=False)
class Registry:
    """Built while plugins load and only read afterwards. `owner` tells which plugin brought a thing of a kind."""

    schemes: dict[str, Scheme] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    handlers: dict[str, EvidenceHandler] = field(default_factory=dict)
    connectors: dict[str, Connector] = field(default_factory=dict)
    contents: dict[tuple[str, str], Content] = field(default_factory=dict)
    settings: dict[str, SettingSpec] = field(default_factory=dict)
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    owner: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, plugin: str, brought: Mapping[str, Any]) -> None:
        """Take in one plugin's answers to the register hooks; ValueError says what does not fit."""
        for hook, answer in brought.items():
            if hook in _KINDS:
                attribute, kind, word = _KINDS[hook]
                for one in _each(answer, kind, hook):
                    self._put(getattr(self, attribute), attribute, one.id, one, plugin, word)
            elif hook == "register_content":
                for content in _each(answer, Content, hook):
                    _known_words(content)
                    self._put(
                        self.contents, "contents", (content.kind, content.id), content, plugin, f"isi {content.kind}"
                    )
            elif hook == "register_settings":
                if answer is not None:
                    self.settings[plugin] = _one(answer, SettingSpec, hook)
            else:
                self.others.setdefault(hook, {})[plugin] = answer

    def drop(self, plugin: str) -> None:
        """Forget all that a plugin brought, when it is set aside."""
        for (attribute, id), owner in list(self.owner.items()):
            if owner == plugin:
                del self.owner[attribute, id]
                table = getattr(self, attribute)
                table.pop(next(key for key in table if str(key) == id))
        self.settings.pop(plugin, None)
        for answers in self.others.values():
            answers.pop(plugin, None)

    def settle(self) -> Iterator[tuple[str, ValueError]]:
        """Check each scheme against all steps and stages; a scheme that needs a fact nobody gives is dropped.

        A step that is not installed does not drop its scheme: it is listed and cannot be opened, and says which.
        """
        for scheme in list(self.schemes.values()):
            problem = self.problem_of(scheme)
            if problem:
                del self.schemes[scheme.id]
                yield self.owner.pop(("schemes", scheme.id)), ValueError(problem)

    def problem_of(self, scheme: Scheme) -> str:
        """Why a scheme cannot be used, in one sentence; empty when it can."""
        missing = self.missing(scheme)
        given = {**self.given(), **self.received()}
        for rule in scheme.stages:
            stage = self.stages.get(rule.id)
            if stage is not None and rule.flow not in stage.flows:
                return f"Skema {scheme.id}: tahap {rule.id} tidak mengenal alur «{rule.flow}». Perbaiki «alur»."
            rows = {row.id for row in stage.flows[rule.flow].transitions} if stage is not None else None
            for one in rule.switches.get(WARNINGS, ()):
                if rows is not None and one["baris"] not in rows:
                    return (
                        f"Skema {scheme.id}: tahap {rule.id} tidak punya baris «{one['baris']}». Perbaiki «{WARNINGS}»."
                    )
            for step in rule.steps:
                known = self.steps.get(step)
                unknown = (
                    set(scheme.rules(rule.id, step))
                    - {key.name for key in STEP.keys}
                    - set(known.options if known else ())
                )
                if known is not None and unknown:
                    return f"Skema {scheme.id}: langkah {step} tidak mengenal aturan «{'», «'.join(sorted(unknown))}»."
            for need in rule.needs:
                if need.fact not in given and not missing:
                    return (
                        f"Skema {scheme.id}: tahap {rule.id} menunggu fakta «{need.fact}» yang tidak diberi siapa pun. "
                        "Pasang plugin yang memberinya atau hapus dari «butuh»."
                    )
        return ""

    def missing(self, scheme: Scheme) -> tuple[str, ...]:
        """The stages, steps and handlers a scheme names that no loaded plugin brings."""
        names = [stage.id for stage in scheme.stages if stage.id not in self.stages]
        names += [step for stage in scheme.stages for step in stage.steps if step not in self.steps]
        names += [rule.handler for rule in scheme.evidence if rule.handler not in self.handlers]
        return tuple(dict.fromkeys(names))

    def given(self) -> dict[str, FactSpec]:
        """The facts that steps and stages of this installation make of a case, by name."""
        makers: list[Stage | Step] = [*self.stages.values(), *self.steps.values()]
        return {spec.name: spec for maker in makers for spec in maker.gives}

    def steps_of(self, rule: StageRule) -> list[Step]:
        """The installed steps of a scheme's stage, in its order."""
        return [self.steps[name] for name in rule.steps if name in self.steps]

    def specs(self, rule: StageRule) -> list[tuple[FactSpec, tuple[str, ...]]]:
        """The facts a scheme's stage may give, each with the steps it comes from: all of the stage, or the one that
        declares it."""
        makers = [(self.stages.get(rule.id), rule.steps), *((self.steps.get(step), (step,)) for step in rule.steps)]
        return [(spec, steps) for maker, steps in makers if maker is not None for spec in maker.gives]

    def received(self) -> dict[str, FactSpec]:
        """The facts that outside systems bring, by name."""
        return {spec.name: spec for one in self.connectors.values() for spec in one.gives}

    def _put(self, table: dict[Any, Any], attribute: str, key: Any, one: Any, plugin: str, word: str) -> None:
        if key in table:
            other = self.owner[attribute, str(key)]
            raise ValueError(f"Membawa {word} «{key}» yang sudah dibawa plugin {other}. Ganti id salah satunya.")
        table[key] = one
        self.owner[attribute, str(key)] = plugin


def _known_words(content: Content) -> None:
    """Some keys take words of a closed list: one that is not on it would do nothing, and say nothing."""
    for kind, key, said, words in _WORDS:
        for entry in content.entries if content.kind == kind else ():
            given = entry.data.get(key, ())
            unknown = [one for one in ((given,) if isinstance(given, str) else given) if one not in words]
            if unknown:
                raise ValueError(
                    f"{content.id}: {said.format(entry.id)} «{unknown[0]}» yang tidak dikenal. Pakai: {', '.join(words)}."
                )


def _each(answer: Any, kind: type, hook: str) -> Iterable[Any]:
    if not isinstance(answer, Iterable):
        raise ValueError(f"{hook} harus mengembalikan daftar {kind.__name__}.")
    return [_one(one, kind, hook) for one in answer]


def _one(answer: Any, kind: type, hook: str) -> Any:
    if not isinstance(answer, kind):
        raise ValueError(f"{hook} harus mengembalikan {kind.__name__}, bukan {type(answer).__name__}.")
    return answer
