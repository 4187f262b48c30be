"""What holds a stage back: its window, what it waits for, a content that is missing, the end of its period."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kinerja import conditions, days
from kinerja.contracts import Need, StageRule, Window
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.schemes import window_days
from kinerja.sentences import Refused, refuse_as, refused, say


def say_needs(kernel: Kernel, fact: str) -> str:
    """«Menunggu: …», with the label under which a fact was declared."""
    spec = {**kernel.host.registry.given(), **kernel.host.registry.received()}.get(fact)
    return f"Menunggu: {spec.label if spec else fact}."


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def closed(seen: Loaded, at: datetime) -> Refused | None:
    """That nothing may be written any more at a moment: the case has ended before its period, or the period is over,
    whether or not the timer that closes it has come round."""
    if seen.closed or seen.period_state != "open" or local_day(at, seen.view.unit.zone) > seen.period_closes:
        return shut(seen)
    return None


def still_open(seen: Loaded, at: datetime) -> None:
    """Refuse where nothing may be written any more. Call it with the case locked, of one read after that."""
    refuse_as(closed(seen, at))


def shut(seen: Loaded) -> Refused:
    """Why a closed case takes nothing more: its own ending where it has one, else its period's."""
    if not seen.ending:
        return refused("closed", period=seen.view.period.label)
    return refused("ended", reason=str(seen.ending["label"]), day=date.fromisoformat(str(seen.ending["tanggal"])))


def window_of(seen: Loaded, rule: StageRule) -> tuple[Window, date, date] | None:
    """The first window of a stage whose condition holds for this case, with its days in the period's year. For one who
    leaves before it would open it is open from the period's first day, so that nobody leaves unjudged."""
    return seen.once(("window", rule.id), lambda: _window(seen, rule))


def _window(seen: Loaded, rule: StageRule) -> tuple[Window, date, date] | None:
    fields = seen.fields()
    for window in rule.windows:
        if conditions.holds(window.applies, fields):
            opens, closes = window_days(window, seen.view.period.year)
            return window, min(opens, seen.view.period.starts) if days.over(seen.last_day, opens) else opens, closes
    return None


def blocked(kernel: Kernel, seen: Loaded) -> str:
    """Why a person's case cannot be worked on at all: a content it must have is missing or tied. Empty when it can."""
    for kind in seen.snapshot.scheme.required if seen.subject == "person" else ():
        if kind not in seen.content.chosen:
            word = seen.snapshot.scheme.word(kind)
            if kind in seen.content.ties:
                return say("content-tie", what=word.lower(), names=", ".join(seen.content.ties[kind]))
            return say("content-missing", what=word, role=seen.view.labels.get("peran", "").lower())
    return ""


def unmet_needs(seen: Loaded, rule: StageRule) -> list[Need]:
    """The needs of a stage that do not hold yet, in the scheme's order."""
    values = seen.fields()

    def met(need: Need) -> bool:
        if need.of == "case":
            return need.fact in seen.facts
        if need.of == "children":
            lasting = [child for child in seen.near.children if not child.ended]
            return bool(lasting) and all(need.fact in child.facts for child in lasting)
        other = seen.near.previous if need.of == "previous" else seen.near.unit
        return other is not None and need.fact in other.facts

    return [need for need in rule.needs if conditions.holds(need.when, values) and not met(need)]


def held(kernel: Kernel, seen: Loaded, rule: StageRule, at: datetime) -> Refused | None:
    """Why a stage cannot be worked on at a moment: a content is missing, a need is not met, its day is to come."""
    stuck = blocked(kernel, seen)
    if stuck:
        return refused("waits", stage=rule.label, why=stuck)
    unmet = unmet_needs(seen, rule)
    if unmet:
        return refused(
            "waits", stage=rule.label,
            why=next((need.message for need in unmet if need.message), say_needs(kernel, unmet[0].fact)),
        )  # fmt: skip
    found = window_of(seen, rule)
    if found is not None and local_day(at, seen.view.unit.zone) < found[1]:
        return refused("too-early", stage=rule.label, day=found[1])
    return None


def last_day(seen: Loaded, rule: StageRule) -> tuple[date | None, bool]:
    """The last day of a stage for this case, where it has one, and whether nothing is handed in after it."""
    found = window_of(seen, rule)
    if found is None:
        return None, False
    return min(filter(None, (found[2], seen.last_day))), found[0].hard


def late(seen: Loaded, rule: StageRule, at: datetime) -> Refused | None:
    """That the last day of a stage is over and its end is a hard one."""
    last, hard = last_day(seen, rule)
    if not hard or last is None or local_day(at, seen.view.unit.zone) <= last:
        return None
    return refused("too-late", stage=rule.label, day=last)
