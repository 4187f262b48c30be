"""The demo date: an offset to the real clock, which moves on at will and never back."""

from __future__ import annotations

from datetime import date, timedelta

from kinerja import database
from kinerja.clock import day_starts, real_now
from kinerja.kernel import Kernel
from kinerja.models import Setting
from kinerja.sentences import refuse_if
from kinerja.settings import touch


def begin(kernel: Kernel, day: date, zone: str) -> None:
    """Let a new example world begin on a day at eight: the one time the date may be set back, before anything
    happened."""
    first = day_starts(day, zone) + timedelta(hours=8)
    Setting.update(value=int((first - real_now()).total_seconds())).where(Setting.name == "demo_offset").execute()
    kernel.sync()


def move(kernel: Kernel, day: date, zone: str = "Asia/Jakarta") -> None:
    """Move the demo date to a day, to the hour it is now. Where it was set before it only goes forward: what time has
    done once is never undone. ValueError where there are no tables yet."""
    if not database.proxy.table_exists("setting"):
        raise ValueError(f"Basis data di {kernel.config.data} masih kosong. Pakai KINERJA_DATA yang sama dengan demo.")
    kernel.sync()
    now = kernel.clock.now()
    target = day_starts(day, zone) + (now - day_starts(kernel.clock.today(zone), zone))
    refuse_if(target < now and kernel.clock.offset, "demo-back")
    offset = int((kernel.clock.offset + (target - now)).total_seconds())
    with database.proxy.atomic():
        Setting.update(value=offset).where(
            (Setting.name == "demo_offset") & ((Setting.value == 0) | (Setting.value <= offset))
        ).execute()
        touch()
    kernel.sync()
