"""Signature files are refused with the place of the fault, and compiled into look-ups."""

import copy
from typing import Any

import pytest

from hunter.core.errors import RulebookError
from hunter.core.provider.providers import Provider
from hunter.core.provider.signatures import OwnerKind, Signatures, build_signatures

SELECTOR_NAMES = ["selector1", "selector2", "google", *(f"s{number}" for number in range(27))]


def files() -> dict[str, dict[str, Any]]:
    """Return the three smallest files that are whole."""
    microsoft = {
        "name": "Microsoft 365", "class": "M365", "kind": "service", "source": "seen",
        "mx": ["outlook.com"], "spf": ["outlook.com"], "dkim": ["onmicrosoft.com"], "txt": ["microsoft"],
        "selectors": ["selector1", "selector2"],
    }  # fmt: skip
    google = {"name": "Google Workspace", "class": "Google", "kind": "service", "source": "seen", "mx": ["google.com"]}
    host = {"name": "Sunucu", "class": "Local", "kind": "turkish", "source": "unverified", "mx": ["sunucu.example"]}
    selectors = [{"name": name} for name in SELECTOR_NAMES]
    selectors[2]["betrays"] = "Google Workspace"
    return {
        "providers": {"version": "1", "providers": [microsoft, google, host]},
        "gateways": {
            "version": "2",
            "gateways": [{"id": "wall", "name": "Mail Wall", "source": "doc", "mx": ["wall.example"]}],
        },
        "selectors": {
            "version": "3",
            "selectors": selectors,
            "guesses": {"gateway": ["selector1"], "hoster": ["s1"], "local": ["s1", "s2"]},
        },
    }


def build(content: dict[str, dict[str, Any]]) -> Signatures:
    return build_signatures(content["providers"], content["gateways"], content["selectors"])


def fault(content: dict[str, dict[str, Any]]) -> str:
    with pytest.raises(RulebookError) as caught:
        build(content)
    return str(caught.value)


def with_row(number: int, **changes: object) -> dict[str, dict[str, Any]]:
    """Return the files with one provider row changed; None drops a key."""
    content = copy.deepcopy(files())
    row = content["providers"]["providers"][number] | changes
    content["providers"]["providers"][number] = {key: value for key, value in row.items() if value is not None}
    return content


def test_signatures_are_compiled_with_the_versions_of_their_files() -> None:
    signatures = build(files())

    owner = signatures.mail_hosts.find("firma-example.mail.protection.outlook.com")
    assert owner is not None
    assert (owner.name, owner.label, owner.provider, owner.kind) == (
        "Microsoft 365", "M365", Provider.M365, OwnerKind.SERVICE,
    )  # fmt: skip
    assert signatures.version == "1.2.3"
    assert signatures.selectors == tuple(SELECTOR_NAMES)
    assert signatures.vendor_owners["microsoft"] is owner
    assert signatures.microsoft_selectors == ("selector1", "selector2")


def test_every_table_knows_its_own_patterns_and_autodiscover_the_mail_hosts_too() -> None:
    signatures = build(with_row(0, autodiscover=["autod.example"]))

    assert signatures.spf_names.find("spf.protection.outlook.com") is not None
    assert signatures.dkim_targets.find("selector1-x._domainkey.firma.onmicrosoft.com") is not None
    assert signatures.dkim_targets.find("outlook.com") is None
    assert signatures.autodiscover_hosts.find("autodiscover.outlook.com") is not None
    assert signatures.autodiscover_hosts.find("autod.example") is not None
    assert signatures.mail_hosts.find("autod.example") is None


def test_a_gateway_is_labelled_with_its_id_and_keeps_no_mailboxes() -> None:
    owner = build(files()).mail_hosts.find("mx1.wall.example")

    assert owner is not None
    assert (owner.name, owner.label, owner.kind, owner.provider) == (
        "Mail Wall", "wall", OwnerKind.GATEWAY, Provider.UNKNOWN,
    )  # fmt: skip


def test_an_unverified_row_is_marked() -> None:
    signatures = build(files())

    assert [
        owner.is_verified
        for host in ("sunucu.example", "google.com")
        if (owner := signatures.mail_hosts.find(host)) is not None
    ] == [False, True]


@pytest.mark.parametrize(
    ("number", "changes", "message"),
    [
        (1, {"clas": "Google"}, 'providers.json: providers[1]: unknown key "clas"'),
        (1, {"mx": None}, 'providers.json: providers[1]: "mx" is missing'),
        (1, {"mx": []}, "providers.json: providers[1].mx: must be a list with at least one entry"),
        (1, {"mx": "google.com"}, "providers.json: providers[1].mx: must be a list with at least one entry"),
        (1, {"mx": ["Google.com"]}, 'providers.json: providers[1].mx[0]: "Google.com" is no host name in lower case'),
        (1, {"mx": ["google.com."]}, 'providers.json: providers[1].mx[0]: "google.com." is no host name in lower case'),
        (1, {"mx": [7]}, "providers.json: providers[1].mx[0]: must be an object, not 7"),
        (1, {"mx": [{"starts": "mx"}]}, 'providers.json: providers[1].mx[0]: "suffix" is missing'),
        (
            1,
            {"mx": [{"suffix": "google.com"}]},
            "providers.json: providers[1].mx[0]: a pattern without conditions is written as its suffix alone",
        ),
        (1, {"selectors": ["s99"]}, 'providers.json: providers[1].selectors[0]: unknown name "s99"'),
        (1, {"txt": ["gogle"]}, 'providers.json: providers[1].txt[0]: unknown name "gogle"'),
        (1, {"txt": ["microsoft"]}, 'providers.json: providers[1]: vendor "microsoft" is taken already'),
        (1, {"class": "Googel"}, 'providers.json: providers[1].class: unknown name "Googel"'),
        (1, {"kind": "hoster"}, 'providers.json: providers[1].kind: unknown name "hoster"'),
        (1, {"source": "heard"}, 'providers.json: providers[1].source: unknown name "heard"'),
        (1, {"name": "Microsoft 365"}, 'providers.json: providers[1]: "Microsoft 365" is named already in providers'),
        (2, {"class": "M365", "kind": "service"}, "providers.json: providers[2]: class M365 must stand before Google"),
        (2, {"mx": ["google.com"]}, 'providers.json: providers[2].mx[0]: "google.com" is taken already by providers'),
        (
            1,
            {"mx": ["google.com", "smtp.google.com"]},
            'providers.json: providers[1].mx[1]: "smtp.google.com" can never change an answer',
        ),
        (
            0,
            {"autodiscover": ["autodiscover.outlook.com"]},
            'providers.json: providers[0].autodiscover[0]: "autodiscover.outlook.com" can never change an answer',
        ),
        (0, {"selectors": None}, "providers.json: providers: no row of class M365 names its selectors"),
    ],
)
def test_a_faulty_provider_row_is_refused_with_its_place(number: int, changes: dict[str, Any], message: str) -> None:
    assert fault(with_row(number, **changes)).startswith(message)


def test_a_longer_suffix_of_somebody_else_is_no_overlap() -> None:
    content = with_row(2, mx=["mail.google.com"])

    owner = build(content).mail_hosts.find("mx.mail.google.com")
    assert owner is not None
    assert owner.name == "Sunucu"


def test_a_condition_makes_a_longer_suffix_of_the_same_owner_reachable() -> None:
    content = with_row(1, mx=[{"suffix": "google.com", "without": ["ghs"]}, "ghs.google.com"])

    assert build(content).mail_hosts.find("ghs.google.com") is not None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mx": ["outlook.com"]}, 'gateways.json: gateways[0].mx[0]: "outlook.com" is taken already by providers.json'),
        ({"id": "Mail Wall"}, 'gateways.json: gateways[0].id: "Mail Wall" is no short id'),
        ({"class": "M365"}, 'gateways.json: gateways[0]: unknown key "class"'),
    ],
)
def test_a_faulty_gateway_row_is_refused_with_its_place(changes: dict[str, Any], message: str) -> None:
    content = files()
    content["gateways"]["gateways"][0] |= changes

    assert fault(content).startswith(message)


def test_two_gateways_with_one_id_are_refused() -> None:
    content = files()
    content["gateways"]["gateways"].append({"id": "wall", "name": "Other", "source": "doc", "mx": ["other.example"]})

    assert fault(content) == 'gateways.json: gateways[1]: "wall" is named already in gateways.json: gateways[0]'


@pytest.mark.parametrize(
    ("place", "row", "message"),
    [
        (1, {"name": "selector1"}, 'selectors.json: selectors[1].name: "selector1" is named twice'),
        (1, {"name": "a b"}, 'selectors.json: selectors[1].name: "a b" is no selector'),
        (1, {"name": "x", "betrays": "Gogle"}, 'selectors.json: selectors[1].betrays: unknown name "Gogle"'),
        (1, {"name": "x", "weight": "weak"}, "selectors.json: selectors[1].weight: a selector that betrays nobody has"),
        (1, {"name": "x", "ttl": 1}, 'selectors.json: selectors[1]: unknown key "ttl"'),
    ],
)
def test_a_faulty_selector_is_refused_with_its_place(place: int, row: dict[str, Any], message: str) -> None:
    content = files()
    content["providers"]["providers"][0]["selectors"] = ["selector1"]
    content["selectors"]["selectors"][place] = row

    assert fault(content).startswith(message)


def test_another_number_of_selectors_is_refused() -> None:
    content = files()
    content["selectors"]["selectors"].pop()

    assert fault(content) == "selectors.json: selectors: must hold 30 selectors, not 29"


@pytest.mark.parametrize("name", ["providers", "gateways", "selectors"])
def test_a_file_without_its_version_is_refused(name: str) -> None:
    content = files()
    del content[name]["version"]

    assert fault(content) == f'{name}.json: "version" is missing'


def test_a_guess_outside_the_selectors_is_refused() -> None:
    content = files()
    content["selectors"]["guesses"]["local"] = ["mail"]

    assert fault(content).startswith('selectors.json: guesses.local[0]: unknown name "mail"')
