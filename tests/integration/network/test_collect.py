"""Network evidence by the role of the host: what DNS failed to say stays unsaid, the order of answers is no news."""

import pytest

from hunter.collectors.network.address_file import AddressFile
from hunter.collectors.network.collect import HostAddresses, NetworkCollector
from hunter.collectors.network.databases import AddressDatabases
from hunter.core.evidence import NetworkEvidence
from hunter.core.provider.infrastructure import HostRole, hosting_facts, infrastructure_summary
from hunter.core.provider.providers import Provider
from hunter.core.signals import NOT_ASKED, Absent, Found, Unknown
from tests.integration.network.conftest import WrittenFiles

NOBODYS = "203.0.113.7"


def rows_of(written: WrittenFiles, version: int) -> list[tuple[str, str]]:
    """Return addresses in data centres, each with its network's operator."""
    usable = (row for row in written.networks if row.network.version == version and row.usage_type == "DCH")
    return [(str(row.network[9]), row.isp) for row, _ in zip(usable, range(3), strict=False)]


def test_mail_and_web_are_two_answers(written: WrittenFiles) -> None:
    (mail, mail_isp), (web, web_isp), _ = rows_of(written, 4)
    evidence = NetworkCollector(written.open()).collect(HostAddresses(Found((mail,)), Found((web,))))

    assert isinstance(evidence.mx, Found)
    assert isinstance(evidence.web, Found)
    assert (evidence.mx.value.address, evidence.mx.value.isp) == (mail, mail_isp)
    assert (evidence.web.value.address, evidence.web.value.isp) == (web, web_isp)
    chosen = hosting_facts(evidence, Provider.M365)
    assert chosen is not None
    assert chosen.role is HostRole.WEB
    assert f"ISP: {mail_isp}" in str(infrastructure_summary(evidence, Provider.LOCAL))


def test_ipv6_hosts_are_known_too(written: WrittenFiles) -> None:
    address, isp = rows_of(written, 6)[0]
    mx = NetworkCollector(written.open()).collect(HostAddresses(Found((address,)))).mx

    assert isinstance(mx, Found)
    assert (mx.value.address, mx.value.isp) == (address, isp)


def test_the_order_in_which_addresses_are_dealt_out_changes_nothing(written: WrittenFiles) -> None:
    given = (*[address for address, _ in rows_of(written, 6)], *[address for address, _ in rows_of(written, 4)])
    collector = NetworkCollector(written.open())
    forwards = collector.collect(HostAddresses(Found(given)))
    backwards = collector.collect(HostAddresses(Found(given[::-1])))

    assert forwards == backwards
    assert isinstance(forwards.mx, Found)
    assert ":" not in forwards.mx.value.address


def test_the_first_address_of_which_anything_is_known_counts(written: WrittenFiles) -> None:
    known = rows_of(written, 4)[0][0]
    collector = NetworkCollector(written.open(AddressFile.MAXMIND_ASN))
    mx = collector.collect(HostAddresses(Found((NOBODYS, known)))).mx

    assert isinstance(mx, Found)
    assert mx.value.address == known
    assert mx.raw == (NOBODYS, known)


@pytest.mark.parametrize("signal", [NOT_ASKED, Absent("nodata"), Absent("nxdomain"), Unknown("timeout")])
def test_what_dns_did_not_tell_stays_as_dns_left_it(written: WrittenFiles, signal: Absent | Unknown) -> None:
    evidence = NetworkCollector(written.open()).collect(HostAddresses(signal, signal))

    assert evidence == NetworkEvidence(signal, signal)


def test_an_address_that_no_file_lists_is_unknown(written: WrittenFiles) -> None:
    collector = NetworkCollector(written.open(AddressFile.MAXMIND_ASN, AddressFile.MAXMIND_CITY))

    assert collector.collect(HostAddresses(Found((NOBODYS,)))).mx == Unknown("not_listed", (NOBODYS,))


def test_without_files_everything_is_unknown() -> None:
    evidence = NetworkCollector(AddressDatabases({})).collect(HostAddresses(Found((NOBODYS,)), Found((NOBODYS,))))

    assert evidence == NetworkEvidence(Unknown("no_files"), Unknown("no_files"))
