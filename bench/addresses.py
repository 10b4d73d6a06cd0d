"""Address files: look-ups per CPU-second with the MaxMind files, and with all five.

The files are written from invented networks first, as many as make a tree as deep as a real one; every address that is
looked up is another one, so that nothing is answered from memory.
"""

import gc
import time
from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.effort import Options
from bench.machine import this_machine
from bench.report import Better, Measure, Report, Unit
from hunter.collectors.network.address_file import AddressFile
from hunter.collectors.network.databases import AddressDatabases
from hunter.lab.networks.address_files import InventedNetwork, invented_networks, write_address_files

SUBJECT: Final = "addresses"
MAXMIND_FILES: Final = "look-ups per CPU-second, the MaxMind files"
ALL_FILES: Final = "look-ups per CPU-second, all five files"
NETWORKS: Final = 120_000

_MAXMIND: Final = (AddressFile.MAXMIND_ASN, AddressFile.MAXMIND_CITY, AddressFile.MAXMIND_COUNTRY)
#: Addresses of a round for each round that the effort asks for.
_ADDRESSES: Final = 10_000


def run(options: Options) -> Report:
    """Measure look-ups of addresses."""
    machine = this_machine()
    options.say(f"addresses: writing five files of {NETWORKS:,} networks")
    networks = tuple(invented_networks(NETWORKS, seed=options.seed))
    with TemporaryDirectory() as folder:
        written = write_address_files(Path(folder), networks)
        paths = {AddressFile(word): path for word, path in written.items()}
        rounds = _rounds(networks, options)
        options.say(f"addresses: {len(rounds)} rounds of {_ADDRESSES:,} look-ups")
        maxmind = AddressDatabases({file: paths[file] for file in _MAXMIND})
        measures = (
            _measure(MAXMIND_FILES, maxmind, rounds, floor=50_000),
            _measure(ALL_FILES, AddressDatabases(paths), rounds, floor=10_000),
        )
    return Report(options.spelled(SUBJECT), machine, measures)


def _rounds(networks: Sequence[InventedNetwork], options: Options) -> list[list[str]]:
    """Return addresses for each round, each in another network of the round, in no order."""
    random = Random(options.seed)
    return [
        [_address(row, random) for row in random.sample(networks, _ADDRESSES)] for _ in range(options.effort.rounds)
    ]


def _address(row: InventedNetwork, random: Random) -> str:
    size = 256 if isinstance(row.network, IPv4Network) else 1 << 80
    return str(row.network[random.randrange(size)])


def _measure(name: str, databases: AddressDatabases, rounds: Sequence[Sequence[str]], *, floor: int) -> Measure:
    if databases.warnings():
        return Measure(name, None, Unit.PER_SECOND, "; ".join(databases.warnings()), better=Better.HIGHER, floor=floor)
    rates = [len(addresses) / _cpu_seconds(databases, addresses) for addresses in rounds]
    done = (
        f"{len(rounds)} rounds of {_ADDRESSES:,} addresses in {NETWORKS:,} networks, one of ten IPv6: the median. "
        f"{1e6 / median(rates):.1f} µs each; slowest round {min(rates):,.0f}/s."
    )
    return Measure(name, median(rates), Unit.PER_SECOND, done, better=Better.HIGHER, floor=floor)


def _cpu_seconds(databases: AddressDatabases, addresses: Sequence[str]) -> float:
    gc.collect()
    missing = 0
    cpu = time.process_time()
    for address in addresses:
        missing += databases.facts(address) is None
    seconds = time.process_time() - cpu
    if missing:
        raise RuntimeError(f"{missing} addresses of known networks were not found: the figure would flatter")
    return seconds
