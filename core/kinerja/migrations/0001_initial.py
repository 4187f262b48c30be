"""All tables of the first release. Until that release this step follows models.py; afterwards it is frozen."""

from typing import Any

from kinerja.models import TABLES, Setting


def up(migrator: Any, db: Any) -> None:
    db.create_tables(TABLES)
    Setting.insert_many([{"name": "stamp", "value": 1}, {"name": "demo_offset", "value": 0}]).execute()


def down(migrator: Any, db: Any) -> None:
    db.drop_tables(TABLES)
