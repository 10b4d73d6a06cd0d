"""World files: what their short forms mean, and errors that name file, company and field."""

import pytest

from hunter.lab.dns.faults import Behaviour, Fault
from hunter.lab.dns.worlds import World
from hunter.lab.errors import WorldFileError
from hunter.lab.world_sources.world_file import parse_world
from tests.unit.lab.asking import ask, rcode_of, texts_of

HEAD = '[[company]]\nname = "Firma A.Ş."\ndomain = "firma.example"\nnote = "for a test"\n'


def _world(fields: str, *, top: str = "") -> World:
    return parse_world(top + HEAD + fields, "test.toml").world()


def _asked(fields: str, name: str, rdtype: str) -> list[str]:
    return texts_of(ask(_world(fields), name, rdtype).answer)


@pytest.mark.parametrize(
    ("fields", "name", "rdtype", "answer"),
    [
        ('mx = ["10 mail.firma.example"]', "firma.example", "MX", ["firma.example MX 10 mail.firma.example."]),
        ('ns = ["ns1.firma.example"]', "firma.example", "NS", ["firma.example NS ns1.firma.example."]),
        ('a = "192.0.2.7"', "firma.example", "A", ["firma.example A 192.0.2.7"]),
        ('spf = "v=spf1 -all"', "firma.example", "TXT", ['firma.example TXT "v=spf1 -all"']),
        (
            'spf = "v=spf1 -all"\ntxt = ["MS=ms1"]',
            "firma.example",
            "TXT",
            ['firma.example TXT "v=spf1 -all"', 'firma.example TXT "MS=ms1"'],
        ),
        ('dmarc = "v=DMARC1; p=none"', "_dmarc.firma.example", "TXT", ['_dmarc.firma.example TXT "v=DMARC1; p=none"']),
        (
            'dkim.s1 = "cname:s1.host.example"',
            "s1._domainkey.firma.example",
            "CNAME",
            ["s1._domainkey.firma.example CNAME s1.host.example."],
        ),
        (
            'dkim.s1 = "revoked"',
            "s1._domainkey.firma.example",
            "TXT",
            ['s1._domainkey.firma.example TXT "v=DKIM1; k=rsa; p="'],
        ),
        (
            'autodiscover_srv = "0 0 443 mail.host.example"',
            "_autodiscover._tcp.firma.example",
            "SRV",
            ["_autodiscover._tcp.firma.example SRV 0 0 443 mail.host.example."],
        ),
        (
            'records."x.host.example.".A = ["192.0.2.8"]',
            "x.host.example",
            "A",
            ["x.host.example A 192.0.2.8"],
        ),
        (
            'records."@".CAA = ["0 issue \\"ca.example\\""]',
            "firma.example",
            "CAA",
            ['firma.example CAA 0 issue "ca.example"'],
        ),
    ],
)
def test_field_becomes_its_record(fields: str, name: str, rdtype: str, answer: list[str]) -> None:
    assert _asked(fields, name, rdtype) == answer


def test_key_under_a_tenant_is_an_alias_and_a_key_at_its_end() -> None:
    alias, key = _asked('dkim.selector1 = "tenant:firmademo"', "selector1._domainkey.firma.example", "TXT")
    target = "selector1-firma-example._domainkey.firmademo.onmicrosoft.com"
    assert alias == f"selector1._domainkey.firma.example CNAME {target}."
    assert key.startswith(f'{target} TXT "v=DKIM1; k=rsa; p=MIGf')


def test_shared_names_exist_unless_the_file_says_no() -> None:
    name = "spf.protection.outlook.com"
    assert rcode_of(ask(_world(""), name, "TXT")) == "NOERROR"
    assert rcode_of(ask(_world("", top="[world]\nshared_names = false\n"), name, "TXT")) == "NXDOMAIN"


def test_faults_reach_the_world() -> None:
    fields = 'fault = "dead"\nslow_ms = 20\nfaults = {_dmarc = "servfail", mail = "slow:2500"}'
    (company,) = parse_world(HEAD + fields, "test.toml").companies
    assert company.behaviours == {
        "firma.example": Behaviour(Fault.DEAD, 20.0),
        "_dmarc.firma.example": Behaviour(Fault.SERVFAIL),
        "mail.firma.example": Behaviour(slow_ms=2500.0),
    }
    assert rcode_of(ask(_world(fields), "_dmarc.firma.example", "TXT")) == "SERVFAIL"


def test_lying_server_denies_what_lies_above_its_names() -> None:
    world = _world('dkim.s1 = "key"\nlying_ent = true')
    assert rcode_of(ask(world, "_domainkey.firma.example", "TXT")) == "NXDOMAIN"


def test_domain_in_turkish_letters_is_served_in_ascii() -> None:
    text = HEAD.replace("firma.example", "çamlıca-gıda.example") + 'a = ["192.0.2.1"]'
    (company,) = parse_world(text, "test.toml").companies
    assert (company.display_domain, company.domain) == ("çamlıca-gıda.example", "xn--amlca-gda-p3a13fea.example")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ('mxx = ["10 a.example"]', "company 1 (Firma A.Ş.): mxx: there is no such field"),
        ("mx = 10", "company 1 (Firma A.Ş.): mx: must be a text or a list of texts"),
        ('mx = ["mail.firma.example"]', "company 1 (Firma A.Ş.): firma.example MX: 'mail.firma.example' is no record"),
        ('a = ["192.0.2.999"]', "company 1 (Firma A.Ş.): firma.example A: '192.0.2.999' is no record of type A"),
        ("dkim.s1 = 5", "company 1 (Firma A.Ş.): dkim.s1: must be a text"),
        ("dkim = 5", "company 1 (Firma A.Ş.): dkim: must be a table"),
        ('records.www = "x"', "company 1 (Firma A.Ş.): records.www: must be a table of record types"),
        ("records.www.A = 5", "company 1 (Firma A.Ş.): records.www.A: must be a text or a list of texts"),
        ('records.www.NONSENSE = ["x"]', "www.firma.example NONSENSE: 'NONSENSE' is no record type"),
        ('records."a..b".A = ["192.0.2.1"]', "a..b.firma.example A: 'a..b.firma.example' is no domain name"),
        ('fault = "nonsense"', "company 1 (Firma A.Ş.): fault: 'nonsense' is no fault; the faults are dead"),
        ('faults.x = "slow:soon"', "company 1 (Firma A.Ş.): faults.x: 'slow:soon' must be written like 'slow:2500'"),
        ("faults.x = 5", "company 1 (Firma A.Ş.): faults.x: must be a text"),
        ("slow_ms = -5", "company 1 (Firma A.Ş.): slow_ms: must be a number of milliseconds"),
        ("slow_ms = true", "company 1 (Firma A.Ş.): slow_ms: must be a number of milliseconds"),
        ('lying_ent = "yes"', "company 1 (Firma A.Ş.): lying_ent: must be true or false"),
    ],
)
def test_mistake_in_a_field_names_file_company_and_field(fields: str, message: str) -> None:
    with pytest.raises(WorldFileError) as caught:
        parse_world(HEAD + fields, "test.toml")
    assert str(caught.value).startswith("test.toml: company 1 (Firma A.Ş.): ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "test.toml: holds no company"),
        ("company = 5", "test.toml: holds no company"),
        ("= nonsense", "test.toml: is not TOML: "),
        ("[firma]\n" + HEAD, "test.toml: firma: there is no such field"),
        ("world = 5\n" + HEAD, "test.toml: world: must be a table"),
        ("[world]\ncolour = 1\n" + HEAD, "test.toml: world: colour: there is no such field"),
        ("[world]\nshared_names = 1\n" + HEAD, "test.toml: world: shared_names: must be true or false"),
        (HEAD.replace('name = "Firma A.Ş."\n', ""), "test.toml: company 1 (without a name): name: is missing"),
        (HEAD.replace("firma.example", ""), "test.toml: company 1 (Firma A.Ş.): domain: must be a text"),
        (HEAD.replace("firma.example", "a..b"), "test.toml: company 1 (Firma A.Ş.): domain: 'a..b' is no domain name"),
        (HEAD + HEAD, "test.toml: two companies have the same domain"),
        (HEAD + "a = '192.0.2.1'\n" + HEAD + "a = '192.0.2.2'", "firma.example belongs to company 1"),
    ],
)
def test_mistake_in_the_file_is_told_in_one_line(text: str, message: str) -> None:
    with pytest.raises(WorldFileError) as caught:
        parse_world(text, "test.toml")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value).rstrip()
