"""The databases that tests are given: clones of one template, each for itself."""

import psycopg
import pytest

from hunter.servers.supervisor import RunningServers
from tests.integration.servers.watching import connect, one
from tests.support.postgres import Databases


def test_a_clone_has_what_was_prepared_and_keeps_its_changes_to_itself(servers: RunningServers) -> None:
    prepared = []

    def prepare(url: str) -> None:
        prepared.append(url)
        with connect(url) as connection:
            connection.execute("create table lead (id int)")

    databases = Databases(servers.database_url, prepare=prepare)
    with databases.clone() as first, databases.clone() as second:
        with connect(first) as connection:
            connection.execute("insert into lead values (1)")
        assert one(first, "select count(*) from lead") == 1
        assert one(second, "select count(*) from lead") == 0
        assert one(first, "select current_user") == "hunter"
    assert len(prepared) == 1


def test_a_clone_is_dropped_even_while_somebody_is_connected(servers: RunningServers) -> None:
    databases = Databases(servers.database_url, prepare=lambda url: None)
    with databases.clone() as url:
        left_open = connect(url)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("select 1")
    left_open.close()
    with pytest.raises(psycopg.OperationalError):
        connect(url)
