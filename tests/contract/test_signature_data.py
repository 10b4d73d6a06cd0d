"""The signature files: what they say is promised, no row stands unguarded, and no company's name is among them."""

import copy
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from publicsuffixlist import PublicSuffixList

from hunter.core.errors import RulebookError
from hunter.core.provider.signatures import Owner, Signatures, build_signatures
from hunter.core.provider.suffixes import SuffixTable
from hunter.rules.load import SIGNATURE_FILES, read_rule_file
from tests.support.rulebooks import RULES_FOLDER, shipped_rulebook

PROJECT: Final = Path(__file__).resolve().parents[2]
CASES: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "signature_cases.json").read_text("utf-8"))
#: Path of a file of real domains, one JSON object with the key `domain` a line; none of them may stand here.
REAL_DOMAINS: Final = "HUNTER_TRUTH_DATA"

#: Real names in data files that are neither in the signature files nor personal mail, and why they may stand there.
KNOWN_NAMES: Final = frozenset(
    (
        # Other people's infrastructure: name servers, bulk senders, Microsoft's traffic and device services.
        "cloudflare.com", "mandrillapp.com", "mcsv.net", "sendinblue.com", "zendesk.com", "registrar-servers.com",
        "office.com", "windows.net", "microsoftonline.cn",
        "dns-parking.com", "domaincontrol.com", "googledomains.com", "ihsdnsx73.com", "ui-dns.com", "ui-dns.de",
        # The specification's own examples of hosts, and of hosts that must match nothing.
        "hosting-provider.com", "local-provider.com", "unknown-provider.com", "attacker.net", "evil.org", "clinic.tr",
        "picnic.travel", "opendns.com", "cloudns.com.tr", "haku.edu.tr", "notiphmx.com",
        # A misspelling that is seen in real SPF records.
        "outlok.com",
        # No names: keys of tables and words of a sentence.
        "dkim.cf", "dkim.fm", "dkim.google", "dkim.mx", "shares.name",
    )
)  # fmt: skip
#: A kind that a row of the same class may have as well.
OTHER_KINDS: Final = {"service": "hoster", "hoster": "panel", "panel": "consumer", "consumer": "service"}
NAME: Final = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z]{2,24}")
#: Names invented for recorded shapes of registry answers, which need the registries' own endings, end like this.
INVENTED_LABEL: Final = re.compile(r"-hunter(?:\.[a-z]{2,5}){1,2}")
#: Lists of registries' own servers, as IANA publishes them.
SERVERS_OF_REGISTRIES: Final = ("rdap_bootstrap.json", "whois_servers.toml")
TABLES: Final = ("mail_hosts", "spf_names", "dkim_targets", "autodiscover_hosts")


def shipped_files() -> dict[str, Any]:
    return {name: read_rule_file(RULES_FOLDER / name) for name in SIGNATURE_FILES}


def deviations(signatures: Signatures) -> Iterator[str]:
    """Yield everything in which signatures differ from the cases."""
    for table in TABLES:
        yield from _suffix_deviations(getattr(signatures, table), CASES[table], table)
    for label, hosts in CASES["hosts"].items():
        for host in hosts:
            found = _label(signatures.mail_hosts.find(host))
            if found != label:
                yield f"{host}: {found}, not {label}"
    owners = _owners(signatures)
    for name, expected in CASES["owners"].items():
        if owners.get(name) != expected:
            yield f"{name}: {owners.get(name)}, not {expected}"
    for label, (name, source) in CASES["gateways"].items():
        if owners.get(name, [])[:3] != ["Unknown", "gateway", source]:
            yield f"{label}: {owners.get(name)}, not {source}"
    if _selectors(signatures) != CASES["selectors"]:
        yield "selectors"
    if {key: list(names) for key, names in signatures.guesses.items()} != CASES["guesses"]:
        yield "guesses"


def _suffix_deviations(table: SuffixTable[Owner], expected: dict[str, list[str]], name: str) -> Iterator[str]:
    for label, lines in expected.items():
        for suffix in " ".join(lines).split():
            for host in (suffix, f"mx1.{suffix}"):
                if _label(table.find(host)) != label:
                    yield f"{name} {host}: {_label(table.find(host))}, not {label}"
            if _label(table.find(f"not{suffix}")) == label:
                yield f"{name} not{suffix}: {label}"


def _label(owner: Owner | None) -> str:
    return "nobody" if owner is None else owner.label


def _owners(signatures: Signatures) -> dict[str, list[str]]:
    hosts = {host for table in TABLES[:1] for lines in CASES[table].values() for host in " ".join(lines).split()}
    hosts |= {host for hosts in CASES["hosts"].values() for host in hosts}
    found = {owner for host in hosts if (owner := signatures.mail_hosts.find(host)) is not None}
    vendors = {owner: vendor for vendor, owner in signatures.vendor_owners.items()}
    return {
        owner.name: [
            str(owner.provider),
            str(owner.kind),
            "verified" if owner.is_verified else "unverified",
            " ".join(owner.selectors),
            vendors.get(owner, ""),
        ]
        for owner in found
    }


def _selectors(signatures: Signatures) -> list[list[str]]:
    strong, weak = signatures.selector_owners, signatures.weak_selector_owners
    rows: list[list[str]] = []
    for name in signatures.selectors:
        owner = strong.get(name) or weak.get(name)
        rows.append([name, owner.name if owner else "", "strong" if name in strong else "weak" if name in weak else ""])
    return rows


def test_the_shipped_files_say_what_the_signature_table_says() -> None:
    assert list(deviations(shipped_rulebook().signatures)) == []


def test_every_file_has_its_version_in_the_version_of_the_signatures() -> None:
    files = shipped_files()
    for number, name in enumerate(SIGNATURE_FILES):
        changed = copy.deepcopy(files)
        changed[name]["version"] = "next"

        assert build_signatures(*changed.values()).version.split(".")[number] == "next"


def test_every_single_fault_in_a_signature_file_is_noticed() -> None:
    faults = list(_faults(shipped_files()))

    survivors = [title for title, files in faults if not _is_noticed(files)]

    assert survivors == []
    assert len(faults) > 900


def _is_noticed(files: dict[str, Any]) -> bool:
    try:
        return next(deviations(build_signatures(*files.values())), None) is not None
    except RulebookError:
        return True


def _faults(files: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the files with one row, one key or one entry of a list dropped, or one word changed."""
    for file, key in zip(SIGNATURE_FILES, ("providers", "gateways", "selectors"), strict=True):
        rows = files[file][key]
        for number, row in enumerate(rows):
            for title, changed in (("dropped", []), *_row_faults(row)):
                content = {**files[file], key: [*rows[:number], *changed, *rows[number + 1 :]]}
                yield f"{file}: {key}[{number}]: {title}", {**files, file: content}


def _row_faults(row: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for column, value in row.items():
        yield f"without {column}", [{key: kept for key, kept in row.items() if key != column}]
        if isinstance(value, list):
            for place in range(len(value)):
                yield f"without {column}[{place}]", [{**row, column: [*value[:place], *value[place + 1 :]]}]
        elif column == "source":
            yield "other source", [{**row, column: "seen" if value == "unverified" else "unverified"}]
        elif value in OTHER_KINDS:
            yield "other kind", [{**row, column: OTHER_KINDS[value]}]
        elif column != "name" or "id" in row:
            yield f"other {column}", [{**row, column: f"{value}x"}]


def test_a_fault_that_changes_an_answer_turns_the_promise_red() -> None:
    files = copy.deepcopy(shipped_files())
    files["gateways.json"]["gateways"][0]["mx"].remove("pphosted.com")

    assert list(deviations(build_signatures(*files.values()))) == [
        "mail_hosts pphosted.com: nobody, not proofpoint",
        "mail_hosts mx1.pphosted.com: nobody, not proofpoint",
        "mxa-00a1b2c3.gslb.pphosted.com: nobody, not proofpoint",
        "mx0a-00a1b2c3.pphosted.com: nobody, not proofpoint",
    ]


@pytest.fixture(scope="module")
def real_domains() -> frozenset[str]:
    path = os.environ.get(REAL_DOMAINS)
    lines = Path(path).read_text("utf-8").splitlines() if path else []
    return frozenset(json.loads(line)["domain"] for line in lines)


def test_no_company_stands_in_the_project(real_domains: frozenset[str]) -> None:
    """Hold every real name in data files against the known ones, and, where real domains are at hand, every file."""
    assert strangers(_data_files()) == {}
    assert named(real_domains, _text_files()) == {}


def test_a_company_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "world.toml").write_text('mx = ["mail.fabrikam.com", "mail.firma.example", "mx1.iphmx.com"]', "utf-8")
    (tmp_path / "test_x.py").write_text("HOST = 'mx1.Fabrikam.com'  # not notfabrikam.com", "utf-8")
    files = sorted(tmp_path.iterdir())

    assert strangers(files[1:]) == {"fabrikam.com": ["world.toml"]}
    assert named(frozenset({"fabrikam.com", "iphmx.com"}), files) == {"fabrikam.com": ["test_x.py", "world.toml"]}


def strangers(files: list[Path]) -> dict[str, list[str]]:
    """Return the registrable domains under real suffixes that are nobody's infrastructure, with their files."""
    suffixes = PublicSuffixList(only_icann=True, accept_unknown=False)
    found: dict[str, list[str]] = {}
    for file in files:
        for name in sorted(set(NAME.findall(file.read_text("utf-8").lower()))):
            domain = suffixes.privatesuffix(name)
            if domain is None or INVENTED_LABEL.search(domain):
                continue
            if not _is_infrastructure(domain) and not _is_infrastructure(name):
                found.setdefault(domain, []).append(file.name)
    return found


def named(domains: frozenset[str], files: list[Path]) -> dict[str, list[str]]:
    """Return which of the domains stand in which files, by themselves or below another label."""
    found: dict[str, list[str]] = {}
    for file in files:
        names = set(NAME.findall(file.read_text("utf-8", errors="replace").lower()))
        for domain in sorted(domains & {end for name in names for end in _ends(name)}):
            if not _is_infrastructure(domain):
                found.setdefault(domain, []).append(file.name)
    return found


def _ends(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]


def _is_infrastructure(name: str) -> bool:
    rulebook = shipped_rulebook()
    if name in KNOWN_NAMES or name in rulebook.free_mail or rulebook.is_shared_host(name):
        return True
    return any(getattr(rulebook.signatures, table).find(name) is not None for table in TABLES)


def _data_files() -> list[Path]:
    """Return the data files but the lists of the registries' own servers, in which no company has a place."""
    folders = (PROJECT / "src", PROJECT / "tests")
    files = [file for folder in folders for kind in ("*.json", "*.toml") for file in sorted(folder.rglob(kind))]
    return [file for file in files if file.name not in SERVERS_OF_REGISTRIES]


def _text_files() -> list[Path]:
    folders = [PROJECT / name for name in ("src", "tests", "docs", "scripts")]
    kinds = (".py", ".json", ".toml", ".md", ".po", ".txt", ".csv")
    return [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in kinds]
