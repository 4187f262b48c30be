"""Dates, times and small words as pages say them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kinerja.clock import day_text, moment_text, time_text


def greeting(now: datetime, zone: str) -> str:
    hour = now.astimezone(ZoneInfo(zone)).hour
    for until, word in ((10, "pagi"), (15, "siang"), (18, "sore")):
        if hour < until:
            return f"Selamat {word}"
    return "Selamat malam"


def short_day(day: date, today: date) -> str:
    """«31 Januari», with the year where it is another one."""
    return day_text(day, day.year != today.year)


def left(due: date, today: date) -> str:
    """«9 hari lagi», «hari ini», «lewat 3 hari»."""
    days = (due - today).days
    if days < 0:
        return f"lewat {-days} hari"
    return ["hari ini", "besok"][days] if days < 2 else f"{days} hari lagi"


def ago(moment: datetime, now: datetime, zone: str) -> str:
    """«hari ini», «kemarin», «4 hari»: how long something waits, in days as people count them."""
    place = ZoneInfo(zone)
    days = (now.astimezone(place).date() - moment.astimezone(place).date()).days
    return "hari ini" if days <= 0 else "kemarin" if days == 1 else f"{days} hari"


def number_text(number: int) -> str:
    """«1.310»: thousands apart, as they are written here."""
    return f"{number:,}".replace(",", ".")


__all__ = ["ago", "day_text", "greeting", "left", "moment_text", "number_text", "short_day", "time_text"]
