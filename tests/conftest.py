"""What all tests share: the kit, one PostgreSQL for the session, the demo world built once an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests import servers

pytest_plugins = ["kinerja.testing"]


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[servers.Cluster]:
    with servers.postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def new_postgres(postgres_cluster: servers.Cluster) -> Callable[[], str]:
    """The kit's fixture: here there is a server."""
    return postgres_cluster
