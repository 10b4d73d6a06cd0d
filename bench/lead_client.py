"""The clients of `./hunter bench leads`: a process of its own that asks the API over sockets, without think time.

In: a task as JSON on standard input. Out: figures as JSON. Clients are threads on bare sockets, because they share the
cores with what is measured; requests are written before the watch runs, answers only counted while it does.
"""

import json
import socket
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count
from random import Random
from threading import Barrier
from typing import Any, Final, TypeVar
from urllib.parse import quote

import psycopg

from bench.lead_draws import paged
from bench.lead_requests import LIST_PATH, count_path, draw_queries, page_path
from bench.lead_world import LeadWorld
from bench.processes import processor_seconds, resident_memory
from hunter.core.errors import Unavailable
from hunter.rules.load import load_rulebook
from hunter.storage.lead_index.query import LeadQuery

T = TypeVar("T")
CLIENTS: Final = 8
_LONGEST_SECONDS: Final = 120.0
_CHUNK: Final = 1 << 18
_OK: Final = b"HTTP/1.1 200 "
_LENGTH: Final = b"content-length: "
_END_OF_HEAD: Final = b"\r\n\r\n"
_LAST_DAY: Final = """
select expires_at - %(today)s from leads
where expires_at >= %(today)s and readiness_score is not null order by expires_at offset %(rows)s limit 1
"""
_BACKENDS: Final = """
select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
"""
#: Leads between two looks at the server's memory.
_LOOK_ROWS: Final = 1_000


def written(path: str, port: int) -> bytes:
    """Return a request as it is sent."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n".encode("ascii")


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_LONGEST_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> tuple[bool, bytes]:
        """Write a request and ask it."""
        return self.ask(written(path, self._port))

    def ask(self, request: bytes) -> tuple[bool, bytes]:
        """Return whether the answer was 200, and its body; raises `Unavailable` where the server hangs up."""
        self._socket.sendall(request)
        head = b""
        while (end := head.find(_END_OF_HEAD)) < 0:
            head += self._read()
        body = [head[end + len(_END_OF_HEAD) :]]
        lower = head[:end].lower()
        at = lower.index(_LENGTH) + len(_LENGTH)
        missing = int(lower[at:].split(b"\r\n", 1)[0]) - len(body[0])
        while missing > 0:
            body.append(self._read())
            missing -= len(body[-1])
        return head.startswith(_OK), b"".join(body)

    def _read(self) -> bytes:
        found = self._socket.recv(_CHUNK)
        if not found:
            raise Unavailable("the server hung up in the middle of an answer")
        return found


def side_by_side(port: int, work: Callable[[Client, int], T], size: int) -> list[T]:
    """Do every piece of work, numbered from 0, with eight clients that each take the next one."""
    numbers, barrier = count(), Barrier(CLIENTS)
    results: list[T | None] = [None] * size

    def run(client: Client) -> None:
        barrier.wait()
        while (number := next(numbers)) < size:
            results[number] = work(client, number)

    with ThreadPoolExecutor(CLIENTS) as threads:
        for done in [threads.submit(run, Client(port)) for _ in range(CLIENTS)]:
            done.result()
    return [result for result in results if result is not None]


def timed(task: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Ask for every path; milliseconds in the order of the paths, and what it cost whom."""
    requests = [written(path, task["port"]) for path in paths]

    def ask(client: Client, number: int) -> tuple[float, bool, int]:
        since = time.perf_counter()
        is_ok, body = client.ask(requests[number])
        return (time.perf_counter() - since) * 1e3, is_ok, len(body)

    with psycopg.connect(task["database"], autocommit=True) as connection:
        before = _used(task["server"], _backends(connection))
        own, since = time.process_time(), time.perf_counter()
        answers = side_by_side(task["port"], ask, len(requests))
        seconds, own = time.perf_counter() - since, time.process_time() - own
        after = _used(task["server"], _backends(connection))
    return {
        "milliseconds": [spent for spent, _, _ in answers],
        "refused": sum(1 for _, is_ok, _ in answers if not is_ok),
        "bytes": sum(length for _, _, length in answers),
        "seconds": seconds,
        "client_cpu": own,
        "server_cpu": after[task["server"]] - before[task["server"]],
        "database_cpu": sum(used - before.get(pid, 0.0) for pid, used in after.items() if pid != task["server"]),
    }


def _backends(connection: psycopg.Connection[Any]) -> list[int]:
    own = connection.info.backend_pid
    return [pid for (pid,) in connection.execute(_BACKENDS).fetchall() if pid != own]


def _used(server: int, backends: Iterable[int]) -> dict[int, float]:
    return {pid: processor_seconds(pid) for pid in (server, *backends)}


def ask_lists(task: dict[str, Any]) -> dict[str, Any]:
    """Ask for pages of the list, drawn from all classes; what matches is asked first, to know the last page."""
    drawn = draw_queries(_world(task), task["rows"], count=task["draws"], seed=task["seed"])

    def on_page(client: Client, number: int) -> LeadQuery:
        _, query = drawn[number]
        total = _asked_json(client, count_path(query))["total"]
        return paged(query, total, Random(f"{task['seed']} page {number}"))

    queries = side_by_side(task["port"], on_page, len(drawn))
    _require_whole(Client(task["port"]), queries[0])
    figures = timed(task, [page_path(query) for query in queries])
    figures["classes"] = [name for name, _ in drawn]
    return figures


def _require_whole(client: Client, query: LeadQuery) -> None:
    """Raise `Unavailable` unless a page has leads and facets: a goal must not be reached by leaving them out."""
    page = _asked_json(client, page_path(LeadQuery()))
    if not page["leads"] or not page["facets"]:
        raise Unavailable("a page came without leads or without facets")
    if _asked_json(client, page_path(query))["facets"] is None:
        raise Unavailable("a page came without facets")


def ask_leads(task: dict[str, Any]) -> dict[str, Any]:
    """Ask for single leads, drawn from all."""
    world, random = _world(task), Random(f"{task['seed']} single")
    domains = [world.company(random.randrange(task["rows"])).domain for _ in range(task["singles"])]
    paths = [f"{LIST_PATH}/{quote(domain)}" for domain in domains]
    if _asked_json(Client(task["port"]), paths[0])["domain"] != domains[0]:
        raise Unavailable("a lead came that was not asked for")
    return timed(task, paths)


def export(task: dict[str, Any]) -> dict[str, Any]:
    """Download leads as CSV while the server's memory is watched, after a small download that loads its code."""
    _download(task, f"{LIST_PATH}/export?format=csv&search=zzzzzz")
    days = _days(task)
    chosen = "" if days is None else f"&expires_within_days={days}"
    return _download(task, f"{LIST_PATH}/export?format=csv{chosen}")


def _days(task: dict[str, Any]) -> int | None:
    """Return within how many days the registrations of so many leads end; None where all leads are fewer."""
    wanted = {"today": datetime.now(UTC).date(), "rows": task["export"] - 1}
    with psycopg.connect(task["database"]) as connection:
        found = connection.execute(_LAST_DAY, wanted).fetchone()
    return None if found is None else int(found[0])


def _download(task: dict[str, Any], path: str) -> dict[str, Any]:
    connection = HTTPConnection("127.0.0.1", task["port"], timeout=_LONGEST_SECONDS)
    memory = [resident_memory(task["server"])]
    cpu, since = processor_seconds(task["server"]), time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    rows = -answer.read(1).count(b"\n")
    first, first_lead = time.perf_counter() - since, 0.0
    looked, size = 0, 1
    while chunk := answer.read1(_CHUNK):
        size += len(chunk)
        rows += chunk.count(b"\n")
        if rows > 1 and not first_lead:
            first_lead = time.perf_counter() - since
        if rows >= looked:
            memory.append(resident_memory(task["server"]))
            looked = rows + _LOOK_ROWS
    connection.close()
    return {
        "is_ok": answer.status == 200,
        "rows": rows - 1,
        "bytes": size,
        "first": first,
        "first_lead": first_lead,
        "seconds": time.perf_counter() - since,
        "growth": max(memory) - memory[0],
        # Buffers are there after a tenth of the rows: what comes after that would grow with the file.
        "late_growth": max(memory) - max(memory[: len(memory) // 10 + 1]),
        "server_cpu": processor_seconds(task["server"]) - cpu,
    }


def _asked_json(client: Client, path: str) -> dict[str, Any]:
    is_ok, body = client.get(path)
    if not is_ok:
        raise Unavailable(f"{path} was answered: {body[:300].decode('utf-8', 'replace')}")
    found: dict[str, Any] = json.loads(body)
    return found


def _world(task: dict[str, Any]) -> LeadWorld:
    return LeadWorld(load_rulebook(), seed=task["seed"])


TASKS: Final = {"lists": ask_lists, "leads": ask_leads, "export": export}


def main() -> None:
    """Do it, then say what it took."""
    task = json.loads(sys.stdin.read())
    print(json.dumps(TASKS[task["task"]](task)))


if __name__ == "__main__":
    main()
