"""The generated world: its truth is what its answers say, its shares are those of its file, its memory is flat."""

from collections import Counter
from collections.abc import Iterator

import dns.message
import pytest

from hunter.core.errors import InvalidInput
from hunter.lab.dns.wire import name_to_wire
from hunter.lab.world_sources.generated_facts import DKIM_SELECTORS, load_facts
from hunter.lab.world_sources.generated_profiles import PROFILES, slot_of
from hunter.lab.world_sources.generated_truth import BROKEN_SPF, DomainTruth
from hunter.lab.world_sources.generated_world import GeneratedWorld
from tests.unit.lab.asking import ask, rcode_of, texts_of

SIZE = 3000
WORLD = GeneratedWorld(SIZE, seed=5)


def _one_of_each_profile() -> Iterator[DomainTruth]:
    seen = set()
    for index in range(SIZE):
        slot = slot_of(index, WORLD.seed)
        if slot not in seen:
            seen.add(slot)
            yield WORLD.truth(index)


TRUTHS = list(_one_of_each_profile())
# Enough for what does not depend on many facts at once.
SOME_TRUTHS = TRUTHS[::4]


def _texts(name: str) -> list[str]:
    answer = ask(WORLD, name, "TXT")
    return [b"".join(rdata.strings).decode() for rrset in answer.answer if rrset.rdtype == 16 for rdata in rrset]


def _wire(name: str, rdtype: int) -> bytes:
    return name_to_wire(name) + bytes((0, rdtype, 0, 1))


def test_few_thousand_domains_show_every_profile() -> None:
    assert len(TRUTHS) == PROFILES


def test_mail_hosts_are_those_of_the_truth() -> None:
    for truth in SOME_TRUTHS:
        answer = ask(WORLD, truth.domain, "MX")
        found = sorted(
            (one.preference, one.exchange.to_text(omit_final_dot=True)) for rrset in answer.answer for one in rrset
        )
        assert tuple(found) == truth.mx or (found == [(0, ".")] and truth.mx_state == "absent"), truth


def test_autodiscover_and_name_servers_are_those_of_the_truth() -> None:
    for truth in SOME_TRUTHS:
        aliases = ask(WORLD, f"autodiscover.{truth.domain}", "CNAME").answer
        assert [one.target.to_text(omit_final_dot=True) for rrset in aliases for one in rrset] == (
            [truth.autodiscover_cname] if truth.autodiscover_cname else []
        )
        services = ask(WORLD, f"_autodiscover._tcp.{truth.domain}", "SRV").answer
        targets = [one.target.to_text(omit_final_dot=True) for rrset in services if rrset.rdtype == 33 for one in rrset]
        assert targets == ([truth.autodiscover_srv] if truth.autodiscover_srv else [])
        servers = ask(WORLD, truth.domain, "NS").answer[0]
        assert tuple(sorted(one.target.to_text(omit_final_dot=True) for one in servers)) == truth.ns


class _SPFReader:
    """An independent, short reading of SPF: enough for the kinds that the generated world has."""

    def __init__(self) -> None:
        self.lookups = 0
        self.reason: str | None = None

    def read(self, domain: str, above: tuple[str, ...] = ()) -> str | None:
        records = [text for text in _texts(domain) if text.startswith("v=spf1 ")]
        if domain in above:
            self.reason = "loop"
        elif len(records) != 1:
            self.reason = "multiple" if records else ("missing_target" if above else None)
        else:
            self._follow(records[0], (*above, domain))
        return records[0] if records else None

    def _follow(self, record: str, above: tuple[str, ...]) -> None:
        for term in record.split()[1:]:
            mechanism, _, value = term.lstrip("+-~?").partition("=" if term.startswith("redirect=") else ":")
            if not _is_well_formed(mechanism, value):
                self.reason = "syntax"
            elif mechanism not in ("all", "ip4", "ip6"):
                self.lookups += 1
                if self.lookups > 10:
                    self.reason = self.reason or "limit"
                elif mechanism in ("include", "redirect"):
                    self.read(value, above)


def _is_well_formed(mechanism: str, value: str) -> bool:
    match mechanism:
        case "include" | "redirect" | "exists":
            return bool(value)
        case "ip4":
            return value != "" and all(int(part) < 256 for part in value.split("/")[0].split("."))
        case _:
            return mechanism in ("all", "a", "mx", "ip6")


def test_spf_is_what_an_independent_reading_finds() -> None:
    reasons: Counter[str | None] = Counter()
    for truth in TRUTHS:
        reader = _SPFReader()
        text = reader.read(truth.domain)
        first = next(iter(one for one in _texts(truth.domain) if one.startswith("v=spf1 ")), None)
        assert (first, reader.reason) == (truth.spf_text, truth.spf_reason), truth
        assert truth.spf_state == ("found" if text and not reader.reason else "absent")
        reasons[truth.spf_reason] += 1
    assert set(reasons) == {None, *BROKEN_SPF.values()}


def test_dmarc_is_what_its_record_says() -> None:
    for truth in SOME_TRUTHS:
        records = [text for text in _texts(f"_dmarc.{truth.domain}") if text.startswith("v=DMARC1")]
        tags = dict(part.strip().partition("=")[::2] for part in records[0].split(";")) if len(records) == 1 else {}
        policy = tags.get("p") or ("none" if tags.get("rua") else None)
        assert policy == truth.dmarc_policy, truth
        assert truth.dmarc_state == ("found" if policy else "absent")
        assert truth.dmarc_coverage == (int(tags.get("pct", 100)) if policy else None)
        assert truth.dmarc_testing is (tags.get("t") == "y")


def _key_under(selector: str, domain: str) -> str | None:
    name = f"{selector}._domainkey.{domain}"
    if WORLD.answer(_wire(name.lower(), 16)).counts[0] == 0:
        return None
    keys = [text for text in _texts(name) if text.startswith("v=DKIM1")]
    return keys[0] if keys and not keys[0].endswith("p=") else None


def test_dkim_is_what_asking_all_selectors_and_the_probe_finds() -> None:
    states: Counter[str] = Counter()
    for truth in TRUTHS:
        at_random = _key_under("r4nd0m-label", truth.domain)
        keys = {selector: key for one in DKIM_SELECTORS if (key := _key_under(selector := one.lower(), truth.domain))}
        keys = {selector: key for selector, key in keys.items() if key != at_random}
        denied = rcode_of(ask(WORLD, f"_domainkey.{truth.domain}", "TXT")) == "NXDOMAIN"
        state = "found" if keys else "absent" if denied else "unknown"
        assert (state, denied) == (truth.dkim_state, truth.dkim_probe_is_denied), truth
        assert sorted(keys) == sorted(selector.lower() for selector in truth.dkim_selectors), truth
        states[state] += 1
    assert set(states) == {"found", "absent", "unknown"}


def test_keys_that_nobody_guesses_exist_all_the_same() -> None:
    hidden = [truth for truth in TRUTHS if set(truth.dkim_published) - set(truth.dkim_selectors)]
    assert len(hidden) > 20
    for truth in hidden:
        (selector,) = truth.dkim_published
        assert _key_under(selector, truth.domain), truth


def test_dangling_alias_at_microsoft_is_nxdomain_with_its_chain() -> None:
    dangling = [index for index in range(SIZE) if WORLD.profile(index).dkim == "dangling"]
    name = f"selector1._domainkey.{WORLD.domain(dangling[0])}"
    answer = ask(WORLD, name, "TXT")
    assert rcode_of(answer) == "NXDOMAIN"
    assert answer.answer[0][0].target.to_text().endswith(f".t{dangling[0]:07}.onmicrosoft.com.")


def test_target_of_a_microsoft_alias_can_be_asked_itself() -> None:
    living = next(
        index for index in range(SIZE) if WORLD.profile(index).dkim == "usual" and "M365" in WORLD.truth(index).provider
    )
    selector = WORLD.truth(living).dkim_selectors[0]
    (alias, key) = ask(WORLD, f"{selector}._domainkey.{WORLD.domain(living)}", "TXT").answer
    asked = ask(WORLD, alias[0].target.to_text(), "TXT")
    assert texts_of(asked.answer) == texts_of([key])


def test_shares_are_those_of_the_file() -> None:
    shares = GeneratedWorld(50_000, seed=9).shares()
    facts = load_facts()
    for setup in facts.mail:
        assert shares[f"mail {setup.code}"] == pytest.approx(setup.share / 1000, abs=0.0011)
    for fact, table in (("dmarc", facts.dmarc), ("texts", facts.texts), ("name_servers", facts.name_servers)):
        for kind, share in table.items():
            assert shares[f"{fact} {kind}"] == pytest.approx(share / 1000, abs=0.0011)
    for fact in ("mail", "spf", "dmarc", "dkim", "texts", "name_servers"):
        assert sum(share for kind, share in shares.items() if kind.startswith(f"{fact} ")) == pytest.approx(1)


def test_tables_of_the_file_sum_to_1000() -> None:
    facts = load_facts()
    tables = (facts.spf, facts.dmarc, facts.dkim_microsoft, facts.dkim, facts.texts, facts.name_servers)
    assert [sum(table.values()) for table in tables] == [1000] * 6
    assert sum(setup.share for setup in facts.mail) == 1000


def test_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    def first(seed: int) -> list[DomainTruth]:
        world = GeneratedWorld(200, seed=seed)
        return [world.truth(index) for index in range(200)]

    assert first(3) == first(3)
    assert first(3) != first(4)


def test_listed_selectors_come_from_the_list_that_is_handed_in() -> None:
    world = GeneratedWorld(3000, seed=5, selectors=("only1", "only2"))
    listed = {
        selector
        for index in range(3000)
        if world.profile(index).dkim == "listed"
        for selector in world.truth(index).dkim_selectors
    }
    assert listed == {"only1", "only2"}


@pytest.mark.parametrize("name", ["f0003000.example", "f00000a1.example", "f000001.example", "g0000001.example"])
def test_name_that_is_none_of_ours_does_not_exist(name: str) -> None:
    assert rcode_of(ask(WORLD, name, "MX")) == "NXDOMAIN"
    assert WORLD.domain_of(_wire(name, 15)) is None


def test_domain_of_a_question_is_the_generated_domain() -> None:
    assert WORLD.domain_of(_wire("selector1._domainkey.f0000017.example", 16)) == b"f0000017.example"
    assert WORLD.domain_of(_wire("_spf.google.com", 16)) is None


def test_ready_answer_is_the_careful_one_for_every_domain() -> None:
    world = GeneratedWorld(SIZE, seed=5)
    for name, rdtype in (("", 15), ("", 16), ("_dmarc.", 16), ("_domainkey.", 16), ("selector1._domainkey.", 16)):
        for index in range(0, SIZE, 7):
            question = _wire(f"{name}{world.domain(index)}", rdtype)
            careful = world.answer(question)
            assert world.quick(question) == careful == WORLD.answer(question)


def test_asking_for_random_names_does_not_fill_the_memory() -> None:
    world = GeneratedWorld(SIZE, seed=5)
    for number in range(2000):
        world.answer(_wire(f"r{number}._domainkey.f0000000.example", 16))
    templates = world._templates[slot_of(0, 5)]
    assert 0 < len(templates) <= 64


def test_answer_shows_the_letters_of_the_client() -> None:
    answer = ask(WORLD, "F0000000.eXample", "NS")
    assert answer.answer[0].name.to_text() == "F0000000.eXample."


@pytest.mark.parametrize("size", [-1, 10_000_001])
def test_impossible_size_is_refused(size: int) -> None:
    with pytest.raises(InvalidInput, match="0 to 10000000 domains"):
        GeneratedWorld(size)


def test_some_answers_need_tcp() -> None:
    huge = next(index for index in range(SIZE) if WORLD.profile(index).texts == "huge")
    (answer,) = (ask(WORLD, WORLD.domain(huge), "TXT", by_tcp=False),)
    assert answer.flags & dns.flags.TC
