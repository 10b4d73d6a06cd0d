"""`hunter scan` with registries, Microsoft and address files around it; and the commands that tell of their data."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hunter.demo import Surroundings, open_surroundings
from hunter.lab.networks.address_files import invented_networks, write_address_files
from hunter.lab.registry.faults import RegistryFaults
from hunter.lab.registry.registrations import RegistryWorld, parse_fault
from hunter.lab.registry.running import start_registry
from hunter.settings.fields import Settings
from hunter.wiring.process import clock_of
from tests.integration.cli.conftest import Hunter

TENANT, OWN_SERVER = "gokcetepe-otomotiv.example", "kayabasi-celik.example"


@pytest.fixture(scope="module")
def around() -> Iterator[Surroundings]:
    with open_surroundings(clock_of(Settings())().date()) as surroundings:
        yield surroundings


def scanned(hunter: Hunter, *arguments: str, **variables: str) -> dict[str, Any]:
    result = hunter.within(variables, "scan", "--json", *arguments)
    assert result.code == 0, result.errors
    read: dict[str, Any] = json.loads(result.output)
    return read


def test_a_scan_tells_what_registry_and_microsoft_say(hunter: Hunter, demo_server: str, around: Surroundings) -> None:
    found = scanned(hunter, TENANT, "--server", demo_server, "--deep", **around.variables)
    assert (found["registrar"], found["expires_in_days"], found["whois_status"]) == ("Cloudflare, Inc.", 192, "success")
    assert found["nameservers"] == ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"]
    assert (found["tenant"]["region"], found["tenant"]["realm"]["namespace_type"]) == ("EU", "managed")
    assert None not in found["timing_ms"].values()


def test_a_scan_tells_where_own_hosts_stand(hunter: Hunter, demo_server: str, around: Surroundings) -> None:
    found = scanned(hunter, OWN_SERVER, "--server", demo_server, **around.variables)
    assert found["infrastructure_summary"].startswith("Hosted on ")
    assert found["infrastructure"]["mx"]["country"] == "TR"
    assert found["tenant"]["realm"] is None


def test_without_registration_the_registry_is_skipped(hunter: Hunter, demo_server: str, around: Surroundings) -> None:
    found = scanned(hunter, TENANT, "--server", demo_server, "--no-registration", **around.variables)
    assert (found["whois_status"], found["registrar"], found["timing_ms"]["registration"]) == ("skipped", None, None)


def test_both_flags_are_off_unless_they_are_set(hunter: Hunter, demo_server: str, around: Surroundings) -> None:
    flags = ("HUNTER_TENANT_LOOKUP_ENABLED", "HUNTER_ENRICHMENT_ENABLED")
    variables = {name: text for name, text in around.variables.items() if name not in flags}
    found = scanned(hunter, TENANT, "--server", demo_server, "--deep", **variables)
    assert (found["timing_ms"]["microsoft"], found["timing_ms"]["network"]) == (None, None)
    assert {found["signals"][name]["reason"] for name in ("tenant", "realm", "mx_network")} == {"not_asked"}


def test_a_dead_rdap_server_and_a_dead_whois_never_delay_the_mail_verdict(hunter: Hunter, demo_server: str) -> None:
    """Three seconds for RDAP, five for WHOIS, and mail is ready long before."""
    dead = RegistryFaults(rdap=parse_fault("dead"), whois=parse_fault("dead"))
    with start_registry(RegistryWorld(), dead) as registry:
        servers = {"HUNTER_RDAP_BASE": registry.rdap_base, "HUNTER_WHOIS_SERVER": registry.whois_server}
        found = scanned(hunter, TENANT, "--server", demo_server, **servers)
    assert found["whois_status"] == "failed"
    assert found["signals"]["registrar"]["raw"] == ["rdap: timeout", "whois: timeout"]
    assert found["m365"]["state"] == "yes"
    assert 8000 <= found["timing_ms"]["registration"] < 10_000
    assert found["timing_ms"]["mail"] < 3000 < found["elapsed_ms"] < 10_500


def test_the_brief_says_when_the_registration_ends(hunter: Hunter, demo_server: str, around: Surroundings) -> None:
    output = hunter.within({**around.variables, "COLUMNS": "200"}, "scan", TENANT, "--server", demo_server).output
    assert "kayıt firması Cloudflare, Inc." in output
    assert "Microsoft kiracısında doğrulanmış, bölge EU" in output


def test_an_address_file_that_cannot_be_used_is_named_and_the_rest_works(
    hunter: Hunter, demo_server: str, around: Surroundings
) -> None:
    (hunter.folder / "kaput.mmdb").write_bytes(b"nothing of use")
    variables = {**around.variables, "MAXMIND_ASN_DB": "kaput.mmdb"}
    result = hunter.within(variables, "scan", "--json", OWN_SERVER, "--server", demo_server)
    assert result.code == 0
    assert result.errors.startswith("maxmind_asn: kaput.mmdb: ")
    assert json.loads(result.output)["infrastructure"]["mx"]["asn"] is None
    assert json.loads(result.output)["infrastructure"]["mx"]["country"] == "TR"


def without_data(whole: bytes) -> bytes:
    """Return a MaxMind file whose tree is whole, so that it opens, and leads to nothing that can be read."""
    begin, end = whole.index(b"\0" * 16) + 16, whole.rindex(b"\xab\xcd\xefMaxMind.com")
    return whole[:begin] + b"\xff" * (end - begin) + whole[end:]


def test_a_file_that_turns_out_to_be_damaged_is_named_and_its_silence_is_no_answer(
    hunter: Hunter, demo_server: str, around: Surroundings
) -> None:
    whole = Path(around.variables["MAXMIND_ASN_DB"]).read_bytes()
    (hunter.folder / "half.mmdb").write_bytes(without_data(whole))
    only = {"HUNTER_ENRICHMENT_ENABLED": "true", "MAXMIND_ASN_DB": "half.mmdb"}
    result = hunter.within(only, "scan", "--json", OWN_SERVER, "--server", demo_server, "--no-registration")
    assert "maxmind_asn: half.mmdb: " in result.errors
    assert json.loads(result.output)["signals"]["mx_network"]["reason"] == "damaged_file"


def test_the_state_of_a_file_is_found_out_by_trying_it(hunter: Hunter) -> None:
    path = write_address_files(hunter.folder, invented_networks(2_000))["maxmind_asn"]
    path.write_bytes(without_data(path.read_bytes()))
    status = hunter("enrichment", "status", MAXMIND_ASN_DB=path.name)
    assert (status.code, f"damaged: {path.name}" in status.output) == (1, True)


def test_a_damaged_copy_of_a_published_list_is_said_and_the_shipped_one_is_used(
    hunter: Hunter, demo_server: str, around: Surroundings
) -> None:
    for name in ("rdap_bootstrap.json", "public_suffix_list.dat"):
        (hunter.folder / name).write_text("junk", encoding="utf-8")
    variables = {**around.variables, "HUNTER_DATA_DIR": str(hunter.folder)}
    result = hunter.within(variables, "scan", "--json", TENANT, "--server", demo_server)
    assert result.code == 0
    assert result.errors.count("going on with the list that came with Hunter") == 2
    assert json.loads(result.output)["registrar"] == "Cloudflare, Inc."


def test_deep_without_the_tenant_look_up_is_said(hunter: Hunter, demo_server: str) -> None:
    result = hunter("scan", TENANT, "--server", demo_server, "--no-registration", "--deep", "--lang", "en")
    assert "--deep needs HUNTER_TENANT_LOOKUP_ENABLED" in result.errors


@pytest.mark.parametrize(
    ("variable", "text", "refusal"),
    [
        ("HUNTER_RDAP_BASE", "https://xn--a/rdap", "HUNTER_RDAP_BASE must be an address such as https://"),
        ("HUNTER_RDAP_BASE", "https://a.example/?x=1", "HUNTER_RDAP_BASE must be an address such as https://"),
        ("HUNTER_TENANT_LOOKUP_BASE", "https://a..b/", "HUNTER_TENANT_LOOKUP_BASE must be an address such as https://"),
        ("HUNTER_RDAP_BASE", "ftp://a.example", "HUNTER_RDAP_BASE must be an address such as https://"),
        ("HUNTER_WHOIS_SERVER", "a.example:0", "is no WHOIS server: write HOST or HOST:PORT"),
        ("HUNTER_OUTBOUND_ALLOWED_TARGETS", "10.0.0.0/99", "HUNTER_OUTBOUND_ALLOWED_TARGETS"),
        ("HUNTER_ENRICHMENT_ENABLED", "perhaps", "HUNTER_ENRICHMENT_ENABLED must be true or false"),
        ("HUNTER_TIME_ZONE", "Mars/Olympus", "HUNTER_TIME_ZONE must be a time zone"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(hunter: Hunter, variable: str, text: str, refusal: str) -> None:
    result = hunter.within({variable: text}, "scan", "firma.example", "--server", "127.0.0.1:1")
    assert (result.code, result.output) == (2, "")
    assert refusal in result.errors


def test_the_state_of_the_address_files_is_told(hunter: Hunter, around: Surroundings) -> None:
    missing = {**around.variables, "IP2PROXY_DB": "yok.bin"}
    result = hunter.within(missing, "enrichment", "status")
    lines = result.output.splitlines()
    assert (result.code, lines[0]) == (1, "enrichment is on")
    assert lines[1].startswith("MAXMIND_ASN_DB      loaded: GeoLite2-ASN, ")
    assert "days ago" in lines[1]
    assert lines[5] == "IP2PROXY_DB         missing: yok.bin: is not there"


def test_without_files_nothing_is_amiss_and_the_way_on_is_told(hunter: Hunter) -> None:
    result = hunter("enrichment", "status")
    assert result.code == 0
    assert result.output.splitlines()[0].endswith("set HUNTER_ENRICHMENT_ENABLED=true to use the files")
    assert result.output.splitlines()[-1] == "no file is loaded: where hosts stand stays unknown"


def bootstrap(year: int) -> bytes:
    services = [[[f"label{number}" for number in range(600)], ["https://rdap.a-hunter.net/"]]]
    return json.dumps({"publication": f"{year}-01-01T00:00:00Z", "services": services}).encode()


def test_published_lists_are_renewed_and_a_failure_leaves_what_was_there(hunter: Hunter, tmp_path: Path) -> None:
    with start_registry(RegistryWorld(bootstrap=bootstrap(2099))) as registry:
        address = f"{registry.rdap_base}/dns.json"
        variables = {"HUNTER_OUTBOUND_ALLOWED_TARGETS": "127.0.0.1", "HUNTER_DATA_DIR": str(tmp_path / "data")}
        lists = ("--rdap-list", address, "--suffix-list", address)
        result = hunter.within(variables, "data", "refresh", *lists)
    assert result.code == 1
    assert result.output == (
        f"RDAP servers of the registries: renewed in {tmp_path / 'data'}, published 2099-01-01, 600 entries\n"
    )
    assert result.errors == f"public suffixes: {address} is no whole public suffix list: 1 rules\n"
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["rdap_bootstrap.json"]
