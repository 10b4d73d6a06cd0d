"""Address files of 120,000 networks: what we read of them is the truth, and what the vendors' own readers read."""

import ipaddress
import threading

import IP2Location
import IP2Proxy
import maxminddb
import pytest

from hunter.collectors.network.address_file import AddressFile
from hunter.lab.networks.address_files import InventedNetwork
from tests.integration.network.conftest import WrittenFiles

NOTHING = ("-", None)


def told(text: str) -> str | None:
    return None if text == "-" else text


def test_the_files_have_as_many_networks_as_real_ones_need(written: WrittenFiles) -> None:
    assert len({row.network for row in written.networks}) == 120_000
    assert sum(row.network.version == 6 for row in written.networks) == 12_000


def test_all_files_together_tell_the_truth_about_ipv4_and_ipv6(written: WrittenFiles) -> None:
    databases = written.open()
    assert databases.warnings() == ()
    for address, row in written.sample(3_000):
        facts = databases.facts(address)
        assert facts is not None
        assert facts.address == address
        assert (facts.asn, facts.asn_org) == (row.asn, row.asn_org)
        assert (facts.country, facts.city, facts.isp) == (row.country, row.city, row.isp)
        assert facts.usage_type == told(row.usage_type)
        assert facts.proxy_type == told(row.proxy_type)
        assert facts.is_proxy == (row.proxy_type in ("VPN", "TOR"))


def test_the_first_and_the_last_address_of_a_network_belong_to_it_and_their_neighbours_do_not(
    written: WrittenFiles,
) -> None:
    databases = written.open(AddressFile.IP2LOCATION, AddressFile.MAXMIND_ASN)
    by_network = {row.network: row for row in written.networks}
    for row in written.networks[:500] + written.networks[-500:]:
        for inside in (row.network[0], row.network[-1]):
            facts = databases.facts(str(inside))
            assert facts is not None
            assert (facts.asn, facts.isp) == (row.asn, row.isp)
        outside = row.network[-1] + 1
        neighbour = by_network.get(type(row.network)((outside, row.network.prefixlen)))
        facts = databases.facts(str(outside))
        assert (facts.asn if facts is not None else None) == (neighbour.asn if neighbour is not None else None)


def test_an_address_of_no_network_is_told_nothing_of(written: WrittenFiles) -> None:
    databases = written.open(
        AddressFile.MAXMIND_ASN, AddressFile.MAXMIND_CITY, AddressFile.MAXMIND_COUNTRY, AddressFile.IP2LOCATION
    )
    for address in ("203.0.113.7", "0.0.0.0", "255.255.255.255", "::1", "ffff:" * 7 + "ffff", "2001:db9::1"):
        assert databases.facts(address) is None


def test_ipv4_written_as_ipv6_is_the_same_address(written: WrittenFiles) -> None:
    databases = written.open()
    address, _ = next((a, row) for a, row in written.sample(100) if row.network.version == 4)

    assert databases.facts(f"::ffff:{address}") == databases.facts(address)


@pytest.mark.parametrize("text", ["", "firma.example", "240.0.0", "240.0.0.0/24", "fe80::1%eth0", "1.2.3.4\0"])
def test_what_is_no_address_is_told_nothing_of(written: WrittenFiles, text: str) -> None:
    assert written.open().facts(text) is None


def test_the_vendors_own_reader_reads_the_same_of_ip2location(written: WrittenFiles) -> None:
    judge = IP2Location.IP2Location(str(written.paths[AddressFile.IP2LOCATION]))
    ours = written.open(AddressFile.IP2LOCATION)
    for address, _ in written.sample(1_500):
        theirs, facts = judge.get_all(address), ours.facts(address)
        assert facts is not None
        assert [facts.country, facts.city, facts.isp, facts.usage_type] == [
            told(text) for text in (theirs.country_short, theirs.city, theirs.isp, theirs.usage_type)
        ]
    judge.close()


def test_the_vendors_own_reader_reads_the_same_of_ip2proxy(written: WrittenFiles) -> None:
    judge = IP2Proxy.IP2Proxy()
    judge.open(str(written.paths[AddressFile.IP2PROXY]))
    ours = written.open(AddressFile.IP2PROXY)
    for address, _ in written.sample(1_500):
        theirs, facts = judge.get_all(address), ours.facts(address)
        assert facts is not None
        assert facts.proxy_type == told(theirs["proxy_type"])
        assert facts.is_proxy == (theirs["is_proxy"] == 1)
    judge.close()


def test_the_other_reader_of_the_maxmind_format_reads_the_same(written: WrittenFiles) -> None:
    for file, key in ((AddressFile.MAXMIND_ASN, "autonomous_system_number"), (AddressFile.MAXMIND_CITY, "city")):
        with (
            maxminddb.open_database(written.paths[file], maxminddb.MODE_FILE) as pure,
            maxminddb.open_database(written.paths[file], maxminddb.MODE_MMAP_EXT) as fast,
        ):
            for address, _ in written.sample(300):
                record = pure.get(address)
                assert record == fast.get(address)
                assert isinstance(record, dict)
                assert key in record
            assert pure.get("203.0.113.7") is None


@pytest.mark.parametrize(
    ("files", "known"),
    [
        ((AddressFile.MAXMIND_COUNTRY,), {"country"}),
        ((AddressFile.MAXMIND_CITY,), {"country", "city"}),
        ((AddressFile.MAXMIND_ASN,), {"asn", "asn_org"}),
        ((AddressFile.IP2PROXY,), {"is_proxy"}),
        ((AddressFile.IP2LOCATION,), {"country", "city", "isp", "usage_type"}),
    ],
)
def test_each_file_alone_gives_its_own_facts(
    written: WrittenFiles, files: tuple[AddressFile, ...], known: set[str]
) -> None:
    address = _plain(written)
    facts = written.open(*files).facts(address)

    assert facts is not None
    names = ("asn", "asn_org", "isp", "country", "city", "usage_type", "is_proxy", "proxy_type")
    assert {name for name in names if getattr(facts, name) is not None} == known


def _plain(written: WrittenFiles) -> str:
    """Return an address whose usage is known and that is no proxy."""

    def is_plain(row: InventedNetwork) -> bool:
        return row.network.version == 4 and row.usage_type != "-" and row.proxy_type == "-"

    return str(next(row.network[5] for row in written.networks if is_plain(row)))


def test_eight_threads_read_the_same_files_at_once(written: WrittenFiles) -> None:
    databases = written.open()
    sample = written.sample(1_000)
    expected = [databases.facts(address) for address, _ in sample]
    wrong: list[str] = []

    def read() -> None:
        seen = [databases.facts(address) for address, _ in sample]
        if seen != expected:
            wrong.append(threading.current_thread().name)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert all(ipaddress.ip_address(facts.address) for facts in expected if facts is not None)
