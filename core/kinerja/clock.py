"""What time it is: the real clock for leases, sessions and records, the case clock for rules.

They differ only in demo mode, by an offset kept in the database, which is never set so that the date goes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
    "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip

_NAMED = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def real_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The case clock of one request or run; `offset` is the demo date's distance from the real time."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        return real_now() + self.offset

    def today(self, zone: str) -> date:
        return self.now().astimezone(ZoneInfo(zone)).date()


def has_come(day: date | None, today: date) -> bool:
    """Whether the day from which something can be done is here; what has no such day can be done at once."""
    return day is None or day <= today


def ahead(opens: date | None, kind: str, today: date) -> bool:
    """Whether a stage's day is still to come and nothing was done in it before."""
    return not has_come(opens, today) and kind in ("belum", "menunggu", "macet")


def day_text(day: date, year: bool = True) -> str:
    """«31 Januari 2024», or «31 Januari» where the year is plain."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def time_text(moment: datetime, zone: str) -> str:
    """«10.42 WIB»; where Indonesia has no name for the zone, «10.42 waktu Kuala Lumpur»."""
    local = moment.astimezone(ZoneInfo(zone))
    name = _NAMED.get(zone) or "waktu " + zone.rpartition("/")[2].replace("_", " ")
    return f"{local:%H.%M} {name}"


def moment_text(moment: datetime, zone: str) -> str:
    return f"{day_text(moment.astimezone(ZoneInfo(zone)).date())}, {time_text(moment, zone)}"


def day_starts(day: date, zone: str) -> datetime:
    """The first moment of a day at a place, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
