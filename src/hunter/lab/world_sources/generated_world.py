"""A world of any number of domains, `f0000000.example` upwards, out of a seed and flat in memory.

Answers come from templates, one for each profile and question; the seven digits of the domain are put in when asked.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from hunter.core.errors import InvalidInput
from hunter.lab.dns.answers import ZoneAnswer
from hunter.lab.dns.faults import Behaviour
from hunter.lab.dns.worlds import World, may_be_ready
from hunter.lab.world_sources.generated_facts import DKIM_SELECTORS, DKIMMix, GeneratedFacts, load_facts
from hunter.lab.world_sources.generated_profiles import PROFILES, Profile, draw_profiles, slot_of
from hunter.lab.world_sources.generated_records import zone_of
from hunter.lab.world_sources.generated_truth import DomainTruth, truth_of
from hunter.lab.world_sources.shared_names import shared_world

#: Most domains that seven digits can number.
MOST_DOMAINS: Final = 10_000_000

# Stands for the seven digits in templates: bytes that no name, text or number of the lab holds in this order.
_MARK: Final = "\x01\x02\x03\x04\x05\x06\x07"
_MARK_BYTES: Final = _MARK.encode()

# A question about a domain ends in f<digits>.example, type, class; counted from its end.
_SUFFIX: Final = b"\x07example\x00"
_DIGITS_END: Final = -(len(_SUFFIX) + 4)
_DIGITS_START: Final = _DIGITS_END - 7
_LABEL_START: Final = _DIGITS_START - 2
# A question about a tenant ends in t<digits>.onmicrosoft.com, type, class.
_TENANT_SUFFIX: Final = b"\x0bonmicrosoft\x03com\x00"
_TENANT_DIGITS_END: Final = -(len(_TENANT_SUFFIX) + 4)

# An engine asks about 45 names of a domain; whoever asks for random ones must not fill the memory.
_MOST_TEMPLATES: Final = 64

_Template = tuple[bytes, bytes, tuple[bytes, ...]]


class GeneratedWorld:
    """Domains 0 to `size` - 1 of one seed, and the names they share."""

    def __init__(
        self,
        size: int,
        *,
        seed: int = 1,
        selectors: Sequence[str] = DKIM_SELECTORS,
        mix: DKIMMix = DKIMMix.USUAL,
    ) -> None:
        """`selectors` are those under which a key can be guessed. Raises `InvalidInput` for an impossible size."""
        if not 0 <= size <= MOST_DOMAINS:
            raise InvalidInput(f"a generated world has 0 to {MOST_DOMAINS} domains, not {size}")
        self.size = size
        self.seed = seed
        self.selectors = tuple(selectors)
        self._facts = load_facts(mix)
        self._profiles = draw_profiles(self._facts, seed=seed, selectors=self.selectors)
        self._templates: list[dict[bytes, _Template]] = [{} for _ in range(PROFILES)]
        self._denials: dict[_Template, _Template] = {}
        self._shared = shared_world()
        self._zone_world = lru_cache(maxsize=PROFILES)(self._build_zone_world)

    def domain(self, index: int) -> str:
        """Return the name of the domain with this number."""
        return f"f{index:07}.example"

    def domains(self) -> Iterator[str]:
        """Yield the names of all domains, in order."""
        return map(self.domain, range(self.size))

    def profile(self, index: int) -> Profile:
        """Return what the domain with this number is like."""
        return self._profiles[slot_of(index, self.seed)]

    def truth(self, index: int) -> DomainTruth:
        """Return the facts of the domain with this number, as a faultless look-up must find them."""
        return truth_of(self.profile(index), index, self.selectors)

    def shares(self) -> dict[str, float]:
        """Return the share of this world's domains for each kind of each fact, in the order of the shares' file.

        Keys are `mail m365`, `spf plain`, `dkim lying_usual` ...; the shares of one fact sum to 1.
        """
        counts: Counter[str] = Counter()
        for slot, domains in Counter(slot_of(index, self.seed) for index in range(self.size)).items():
            for kind in _kinds_of(self._profiles[slot]):
                counts[kind] += domains
        return {kind: counts[kind] / max(1, self.size) for kind in _all_kinds(self._facts)}

    def quick(self, question: bytes) -> ZoneAnswer | None:
        """See `ServedWorld`."""
        if not question.startswith(_SUFFIX, _DIGITS_END):
            return self._shared.quick(question)
        digits = question[_DIGITS_START:_DIGITS_END]
        if not digits.isdigit():
            return self._shared.quick(question)
        index = int(digits)
        if index >= self.size:
            return None
        # Around the digits are left `...\x08f` and `\x07example\x00`, type, class: a key without the number.
        key = question[:_DIGITS_START] + question[_DIGITS_END:]
        template = self._templates[slot_of(index, self.seed)].get(key)
        if template is None:
            return None
        plain, edns, parts = template
        return ZoneAnswer(plain, edns, digits.join(parts))

    def answer(self, question: bytes) -> ZoneAnswer:
        """See `ServedWorld`."""
        index = self._index_of(question)
        if index is not None:
            return self._answer_from_template(question, index)
        tenant = self._tenant_of(question)
        if tenant is not None:
            digits = b"%07d" % tenant
            answer = self._zone_world(slot_of(tenant, self.seed)).compute(question.replace(digits, _MARK_BYTES))
            return answer._replace(body=answer.body.replace(_MARK_BYTES, digits))
        return self._shared.answer(question)

    def behaviour_of(self, name: bytes) -> Behaviour | None:
        """See `ServedWorld`; this world has no trouble of its own in store."""
        return None

    def domain_of(self, question: bytes) -> bytes | None:
        """See `ServedWorld`."""
        index = self._index_of(question)
        return None if index is None else b"f%07d.example" % index

    def _answer_from_template(self, question: bytes, index: int) -> ZoneAnswer:
        slot = slot_of(index, self.seed)
        before, after = question[:_DIGITS_START], question[_DIGITS_END:]
        answer = self._zone_world(slot).compute(before + _MARK_BYTES + after)
        template: _Template = (answer.plain, answer.edns, tuple(answer.body.split(_MARK_BYTES)))
        if answer.counts[0] == 0:
            # What is not there is not there in the same words for most profiles: those words are kept once.
            template = self._denials.setdefault(template, template)
        templates = self._templates[slot]
        if len(templates) >= _MOST_TEMPLATES:
            templates.clear()
        if may_be_ready(question):
            templates[before + after] = template
        return ZoneAnswer(template[0], template[1], question[_DIGITS_START:_DIGITS_END].join(template[2]))

    def _index_of(self, question: bytes) -> int | None:
        """Return the number of the domain that a question is about; None when it is about none of ours."""
        if not question.startswith(_SUFFIX, _DIGITS_END):
            return None
        digits = question[_DIGITS_START:_DIGITS_END]
        if question[_LABEL_START:_DIGITS_START] != b"\x08f" or not digits.isdigit():
            return None
        return index if (index := int(digits)) < self.size else None

    def _tenant_of(self, question: bytes) -> int | None:
        if not question.startswith(_TENANT_SUFFIX, _TENANT_DIGITS_END):
            return None
        digits = question[_TENANT_DIGITS_END - 7 : _TENANT_DIGITS_END]
        label_start = question[_TENANT_DIGITS_END - 9 : _TENANT_DIGITS_END - 7]
        if label_start != b"\x08t" or not digits.isdigit():
            return None
        return index if (index := int(digits)) < self.size else None

    def _build_zone_world(self, slot: int) -> World:
        zone = zone_of(self._profiles[slot], _MARK)
        return World.from_records(
            zone.records,
            domains=(zone.domain,),
            lying_ent=(zone.domain,) if zone.is_lying else (),
            beyond=self._shared,
        )


def _kinds_of(profile: Profile) -> tuple[str, ...]:
    return (
        f"mail {profile.mail.code}",
        f"spf {profile.spf}",
        f"dmarc {profile.dmarc}",
        f"dkim {profile.dkim}",
        f"texts {profile.texts}",
        f"name_servers {profile.name_servers}",
    )


def _all_kinds(facts: GeneratedFacts) -> list[str]:
    return [
        *(f"mail {setup.code}" for setup in facts.mail),
        *(f"spf {kind}" for kind in facts.spf),
        *(f"dmarc {kind}" for kind in facts.dmarc),
        *(f"dkim {kind}" for kind in dict.fromkeys((*facts.dkim_microsoft, *facts.dkim))),
        *(f"texts {kind}" for kind in facts.texts),
        *(f"name_servers {kind}" for kind in facts.name_servers),
    ]
