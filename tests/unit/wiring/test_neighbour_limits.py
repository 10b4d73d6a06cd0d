"""Which neighbours are public, and what each limiter lets begin."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.resilience.rate_limiter import RateLimiter
from hunter.settings.fields import Settings
from hunter.wiring.neighbour_limits import NeighbourLimits, is_public_address


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def limits_of(settings: Settings, opened: ExitStack, shared: MemoryBuckets | None = None) -> NeighbourLimits:
    return NeighbourLimits(settings, shared, opened, warn=pytest.fail)


def standing() -> MemoryBuckets:
    """Buckets in which no time passes."""
    return MemoryBuckets(clock=lambda: 0.0)


def slow(folder: Path) -> Settings:
    """Settings by which one look-up may begin, and no other while a test runs."""
    return Settings(data_dir=folder, registration_rate_per_second=0.001)


async def begin(limiter: RateLimiter, acts: int = 20) -> int:
    """How many of so many acts may begin at once."""
    return sum([await limiter.acquire_within(0) for _ in range(acts)])


async def test_registries_are_asked_at_the_public_limit_by_all_processes_of_the_machine(
    tmp_path: Path, opened: ExitStack
) -> None:
    assert await begin(limits_of(slow(tmp_path), opened).registry()) == 1
    assert await begin(limits_of(slow(tmp_path), opened).registry()) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["whois.bucket"]


async def test_with_redis_both_limits_hold(tmp_path: Path, opened: ExitStack) -> None:
    shared = standing()
    assert await begin(limits_of(slow(tmp_path), opened, shared).registry()) == 1
    assert await begin(limits_of(slow(tmp_path / "another machine"), opened, shared).registry()) == 0
    assert await begin(limits_of(slow(tmp_path), opened).registry()) == 0


async def test_servers_that_the_operator_names_have_a_limit_of_their_own(tmp_path: Path, opened: ExitStack) -> None:
    named = Settings(
        data_dir=tmp_path,
        rdap_base="http://127.0.0.1:1/",
        whois_server="127.0.0.1",
        registration_private_rate_per_second=0.001,
    )
    assert await begin(limits_of(named, opened).registry()) == 1
    assert list(tmp_path.iterdir()) == []


async def test_microsoft_is_called_once_a_second_and_a_service_of_our_own_as_often_as_we_like(
    tmp_path: Path, opened: ExitStack
) -> None:
    limits = limits_of(Settings(data_dir=tmp_path), opened)
    assert await begin(limits.microsoft("login.microsoftonline.com"), acts=2) == 1
    assert await begin(limits.microsoft("127.0.0.1")) == 20


async def test_name_servers_keep_the_limit_of_all_processes(tmp_path: Path, opened: ExitStack) -> None:
    settings, shared = Settings(data_dir=tmp_path), standing()
    assert await begin(limits_of(settings, opened, shared).dns(10)) == 10
    assert await begin(limits_of(settings, opened, shared).dns(10)) == 0
    assert await begin(limits_of(settings, opened, shared).dns(0)) == 20


async def test_a_folder_that_cannot_be_used_is_told_and_the_process_counts_alone(
    tmp_path: Path, opened: ExitStack
) -> None:
    (tmp_path / "file").write_text("")
    told: list[str] = []
    limits = NeighbourLimits(slow(tmp_path / "file"), None, opened, warn=told.append)
    assert await begin(limits.registry()) == 1
    [sentence] = told
    assert sentence.endswith("other processes on this machine do not share the rate limit: whois")


@pytest.mark.parametrize(
    ("host", "is_public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("dns.firma.example", True),
        ("127.0.0.1", False),
        ("127.0.0.53", False),
        ("::1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("fd00::53", False),
        ("169.254.1.1", False),
    ],
)
def test_public_is_what_everybody_can_reach(host: str, is_public: bool) -> None:
    assert is_public_address(host) is is_public
