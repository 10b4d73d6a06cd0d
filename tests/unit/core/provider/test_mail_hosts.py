"""What the MX hosts say: who is named to keep the mailboxes, and who stands in front."""

from hunter.core.names.public_suffix import shipped_suffixes
from hunter.core.provider.mail_hosts import OTHER, OWN, MailHosts, owner_of, read_mail_hosts
from hunter.core.records.mx import MXHost
from tests.support.rulebooks import shipped_rulebook


def read(*hosts: tuple[int, str]) -> MailHosts:
    """Read hosts of `firma.example`, each with its preference."""
    find = shipped_rulebook().signatures.mail_hosts.find
    owners = [owner_of(host, "firma.example", find(host), shipped_suffixes()) for _, host in hosts]
    return read_mail_hosts(tuple(MXHost(preference, host) for preference, host in hosts), owners)


def labels(found: MailHosts) -> tuple[str | None, ...]:
    """Return the labels of keeper, gateway and forwarder."""
    return tuple(owner.label if owner else None for owner in (found.keeper, found.gateway, found.forwarder))


def test_the_domain_and_its_siblings_are_its_own_name() -> None:
    assert owner_of("firma.com.tr", "firma.com.tr", None, shipped_suffixes()) is OWN
    assert owner_of("mx.firma.com.tr", "firma.com.tr", None, shipped_suffixes()) is OWN
    assert owner_of("mx.firma.com.tr", "sube.firma.com.tr", None, shipped_suffixes()) is OWN
    assert owner_of("mx.baska.com.tr", "firma.com.tr", None, shipped_suffixes()) is OTHER
    assert owner_of("mxfirma.com.tr", "firma.com.tr", None, shipped_suffixes()) is OTHER
    assert owner_of("net.tr", "com.tr", None, shipped_suffixes()) is OTHER


def test_a_known_owner_is_kept() -> None:
    owner = shipped_rulebook().signatures.mail_hosts.find("mx.yandex.net")

    assert owner_of("mx.yandex.net", "yandex.net", owner, shipped_suffixes()) is owner


def test_no_host_is_nobody() -> None:
    assert read() == MailHosts()


def test_hosts_of_one_owner_are_one_answer() -> None:
    found = read((1, "aspmx.l.google.com"), (5, "alt1.aspmx.l.google.com"), (10, "aspmx2.googlemail.com"))

    assert labels(found) == ("Google", None, None)
    assert not found.is_split


def test_a_named_host_is_told_before_an_own_one_of_the_same_preference() -> None:
    assert labels(read((10, "mail.firma.example"), (10, "mx00.ionos.de")))[0] == "IONOS"
    assert labels(read((10, "mail.firma.example"), (20, "mx00.ionos.de")))[0] == "own"


def test_of_two_services_of_one_preference_the_first_of_the_files_is_told() -> None:
    found = read((10, "aspmx.l.google.com"), (10, "firma-example.mail.protection.outlook.com"))

    assert labels(found)[0] == "M365"
    assert found.is_split


def test_only_a_preferred_server_contradicts_a_service() -> None:
    assert read((10, "mail.firma.example"), (20, "aspmx.l.google.com")).is_split
    assert not read((10, "mail.firma.example"), (10, "aspmx.l.google.com")).is_split
    assert not read((10, "mx1.hc123-45.iphmx.com"), (20, "aspmx.l.google.com")).is_split
    assert not read((10, "localhost"), (20, "aspmx.l.google.com")).is_split


def test_exchange_online_is_noticed_wherever_it_stands() -> None:
    assert read((10, "aspmx.l.google.com"), (90, "firma-example.mail.protection.outlook.com")).has_exchange_online
    assert not read((10, "firma-example.olc.protection.outlook.com")).has_exchange_online


def test_a_forwarder_of_the_same_preference_takes_mail_away() -> None:
    assert labels(read((10, "mail.firma.example"), (10, "mx1.improvmx.com")))[2] == "ImprovMX"
    assert labels(read((10, "mail.firma.example"), (20, "mx1.improvmx.com")))[2] is None


def test_a_forwarder_beside_a_mailbox_service_is_nothing() -> None:
    assert labels(read((10, "mx1.improvmx.com"), (20, "aspmx.l.google.com"))) == ("Google", None, None)


def test_parked_names_are_nobody() -> None:
    assert read((0, "localhost"), (10, "msv1.invalid")) == MailHosts()
