"""Why something is not done, in a sentence that can be shown as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from kinerja.contracts.basics import Json


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what was sent, beside the field where it is wrong; `label` is the field's, for
    where the field itself does not stand beside it; `step` where several steps were sent together."""

    field: str
    message: str
    label: str = dataclass_field(default="", compare=False)
    step: str = ""


class Refusal(Exception):
    """Something asked for is not done. `sentence` says what happened, why, and what to do now."""

    def __init__(self, code: str, sentence: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.problems = tuple(problems)


class Stale(Refusal):
    """What was sent grew from an older revision; `current` and `yours` are both kept to be shown."""

    def __init__(self, sentence: str, current: Mapping[str, Json], yours: Mapping[str, Json], revision: int) -> None:
        super().__init__("stale", sentence)
        self.current = current
        self.yours = yours
        self.revision = revision
