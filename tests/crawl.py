"""Walk through what an account can open from its first page, and hold what the pages ask against what the first says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

NOTHING = "Saat ini tidak ada yang perlu Anda kerjakan"
ASKED = re.compile(r"Giliran (?:<b>)?Anda")
"""How every page says that something is the visitor's own to do."""
LINK = re.compile(r'<a [^>]*href="(/kasus/[^"#?]*)')
CAPACITY = re.compile(r'name="penugasan" value="(\d+)"')


@dataclass
class Crawl:
    """What one account was told in one capacity: `nothing` is what the first page says, `asks` the other pages on which
    something is asked of the same person, and `seen` all that were opened."""

    capacity: str
    nothing: bool
    asks: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    @property
    def contradicts(self) -> bool:
        """Whether the first page says there is nothing to do while another page asks something."""
        return self.nothing and bool(self.asks)


def crawl(client, most: int = 60) -> Iterator[Crawl]:
    """All that a signed-in test client can reach, as an employee and in each capacity; the case clock is where the test
    has moved it."""
    client.post("/kapasitas", data={"penugasan": ""}, headers={"Origin": "http://localhost"})
    home = client.get("/").text
    yield _walk(client, "pegawai", home, most)
    for one in dict.fromkeys(CAPACITY.findall(home)):
        client.post("/kapasitas", data={"penugasan": one}, headers={"Origin": "http://localhost"})
        yield _walk(client, one, client.get("/").text, most)


def _walk(client, capacity: str, home: str, most: int) -> Crawl:
    """Every page of a case that is linked from the first page or from a page found so."""
    made = Crawl(capacity, NOTHING in unescape(home))
    todo = list(dict.fromkeys(LINK.findall(home)))
    while todo and len(made.seen) < most:
        path = todo.pop(0)
        if path in made.seen or "/berkas/" in path:
            continue
        answer = client.get(path)
        made.seen.append(path)
        if answer.status_code != 200:
            continue
        if ASKED.search(answer.text):
            made.asks.append(path)
        todo += [one for one in dict.fromkeys(LINK.findall(answer.text)) if one not in made.seen]
    return made
