"""A world of leads for measuring storage: names, and kinds of companies whose facts hang together.

Who keeps the mail decides how well it is protected, as outside; so the columns are correlated, and how much is
printed. In: a size and a seed. Out: kinds with their assessed evidence, and for each number a company.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final

from hunter.core.assessment import assess
from hunter.core.evidence import Evidence, MailEvidence, MicrosoftEvidence, RegistrationEvidence
from hunter.core.records.dkim import DKIMKey
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.mx import MXHost
from hunter.core.records.spf import SPFPolicy, SPFTerm
from hunter.core.rulebook import Rulebook
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.storage.lead_index.folding import turkish_fold
from hunter.storage.lead_rows import AssessedDomain

#: When the world was looked at last.
NOW: Final = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
#: Stands in a mail host where the domain has to stand.
_MARK: Final = "@"
_NONE: Final = Absent("nodata")
_LATE: Final = Unknown("timeout")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps the mail, how often, and how well it is then protected (shares of 100)."""

    hosts: tuple[str, ...]
    share: int
    spf: int
    dkim: int
    #: Shares of reject, quarantine and none; the rest has no policy.
    dmarc: tuple[int, int, int]
    include: str = ""


#: Turkish hosts with a few customers each, and filters in front of mailboxes, as the rulebook knows them.
_SMALL_HOSTS: Final = (
    *("ihs.com.tr", "guzel.net.tr", "doruk.net.tr", "vargonen.net", "radore.com", "turkticaret.net", "superonline.com"),
    *("ni.net.tr", "teletek.net.tr", "metunic.com.tr", "isnet.net.tr", "netspeed.net.tr", "veriportal.com"),
    *("pendns.net", "vit.com.tr", "kriweb.com", "bulutino.com", "turknet.net.tr", "turkhost.com.tr", "ttnet.com.tr"),
)
_FILTERS: Final = (
    *("ppe-hosted.com", "mimecast.com", "barracudanetworks.com", "iphmx.com", "trendmicro.com", "sophos.com"),
    *("messagelabs.com", "mailcontrol.com", "fortimail.com", "spamexperts.com", "hornetsecurity.com"),
)
KEEPERS: Final = (
    Keeper(("@.mail.protection.outlook.com",), 21, 93, 62, (12, 18, 28), "spf.protection.outlook.com"),
    Keeper(("aspmx.l.google.com", "alt1.aspmx.l.google.com"), 13, 90, 55, (9, 13, 26), "_spf.google.com"),
    Keeper(("mx.yandex.net",), 6, 84, 48, (3, 6, 15), "_spf.yandex.net"),
    Keeper(("mx.zoho.eu", "mx2.zoho.eu"), 1, 88, 60, (6, 10, 20), "zoho.eu"),
    Keeper(("mx1.hostinger.com", "mx2.hostinger.com"), 5, 78, 40, (3, 5, 14), "_spf.mail.hostinger.com"),
    Keeper(("mx.secureserver.net",), 3, 70, 12, (2, 3, 8), "secureserver.net"),
    Keeper(("mx.turhost.com",), 6, 66, 22, (1, 3, 7)),
    Keeper(("mail.natrohost.com",), 7, 64, 18, (1, 2, 6)),
    Keeper(("mx.isimtescil.net",), 4, 60, 16, (1, 2, 6)),
    Keeper(("mail.@",), 19, 46, 14, (1, 2, 5)),
    *(Keeper((f"mx.{host}",), 1, 58, 18, (1, 3, 6)) for host in _SMALL_HOSTS),
    *(Keeper((f"mx1.{filter_}",), 1, 88, 50, (20, 20, 20), "spf.protection.outlook.com") for filter_ in _FILTERS),
    Keeper(("mx0a-001.pphosted.com",), 2, 88, 50, (20, 20, 20)),
    Keeper(("inbound-smtp.eu-west-1.amazonaws.com",), 1, 80, 60, (6, 8, 20), "amazonses.com"),
    Keeper((), 9, 9, 2, (2, 0, 1)),
)
#: Of every hundred looks at MX this many fail.
_FAILED: Final = 3
#: Looks at each keeper that differ in their protection.
_KINDS: Final = 2_000


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PLACES: Final = _words(
    "Adana Ankara Antalya Aydın Balıkesir Bartın Bolu Burdur Bursa Çanakkale Çankırı Çorum Denizli Düzce Edirne "
    "Elazığ Erzincan Eskişehir Gaziantep Giresun Hatay Iğdır Isparta İstanbul İzmir Kayseri Kırklareli Kocaeli "
    "Konya Kütahya Malatya Manisa Mersin Muğla Nevşehir Niğde Ordu Rize Sakarya Samsun Sinop Sivas Şanlıurfa "
    "Tekirdağ Tokat Trabzon Uşak Yalova Yozgat Zonguldak"
)
_ROOTS: Final = _words(
    "Akçay Altın Anadolu Ardıç Aslan Atlas Ay Bahar Barış Beyaz Bereket Bozkır Bulut Ceylan Çağrı Çınar Dağ "
    "Defne Deniz Doğa Doruk Ege Elmas Emek Fidan Fırat Gök Gül Güneş Güven Hilal Ilıca Irmak Işık İnci İpek Kale "
    "Kaplan Kardelen Kartal Kavak Kuzey Lale Mavi Meşe Mercan Nehir Nilüfer Orkide Öncü Özgün Pamuk Pınar Rüzgâr "
    "Saray Selvi Şafak Şimşek Toros Tuna Umut Ülker Üçler Vadi Yakamoz Yıldız Yörük Zeytin Zirve"
)
_TRADES: Final = _words(
    "Ambalaj Asansör Bilişim Boya Cam Çelik Çiçekçilik Danışmanlık Dekorasyon Demir Döküm Elektrik Enerji Gıda "
    "Giyim Grup Hafriyat Halı Hırdavat İnşaat İplik İthalat Kağıt Kalıp Kimya Lojistik Maden Madencilik Makina "
    "Mermer Mimarlık Mobilya Mühendislik Nakliyat Orman Otomasyon Otomotiv Ölçüm Pazarlama Plastik Reklam Sağlık "
    "Seramik Süt Tarım Tekstil Temizlik Turizm Un Yapı Yazılım Zeytincilik"
)
#: Lists that companies came with, the large ones first.
LISTS: Final = tuple(f"Liste {number:02}" for number in range(1, 41))
#: Shares of a thousand: companies whose size somebody knows, and those with a mark.
_SIZES: Final = (("small", "medium", "large"), (140, 70, 20))
_MARKED: Final = (("own_customer", "do_not_contact", "demo"), (50, 8, 4))
_FORMS: Final = ("A.Ş.", "Ltd. Şti.", "San. ve Tic. A.Ş.", "San. Tic. Ltd. Şti.", "Tic. Ltd. Şti.", "Kooperatifi", "")


@dataclass(frozen=True, slots=True)
class CompanyOfWorld:
    """One company."""

    number: int
    name: str
    domain: str
    #: Place of its kind among the kinds.
    kind: int
    scanned_at: datetime
    expires_at: date | None
    changed_at: datetime | None
    d365_sync_status: str
    referral_type: str | None
    city: str | None
    #: From a list; better than what the mail host tells.
    tenant_size: str | None
    mark: str | None
    #: Places in `LISTS`.
    lists: tuple[int, ...]


class LeadWorld:
    """Companies by number; the same number and seed give the same company."""

    def __init__(self, rulebook: Rulebook, *, seed: int = 1) -> None:
        self.seed = seed
        random = Random(seed)
        self.kinds = tuple(_kind(random, rulebook, f"kind{number:04}.example") for number in range(_KINDS))

    def company(self, number: int) -> CompanyOfWorld:
        """Return the company with this number."""
        random = Random(self.seed << 40 | number)
        place, root, other = random.choice(PLACES), random.choice(_ROOTS), random.choice(_ROOTS)
        trade, form = random.choice(_TRADES), random.choice(_FORMS)
        words = [place, root, trade] if number % 3 else [root, other, trade]
        fold = turkish_fold("".join(words[: 2 + number % 2]))
        days = random.randrange(-30, 1100)
        return CompanyOfWorld(
            number=number,
            name=" ".join((*words, form)).strip(),
            domain=f"{fold}{number}.example",
            kind=min(int(random.random() * _KINDS), _KINDS - 1),
            scanned_at=NOW - timedelta(seconds=random.randrange(30 * 86_400)),
            expires_at=(NOW + timedelta(days=days)).date() if random.random() < 0.9 else None,
            changed_at=NOW - timedelta(seconds=random.randrange(365 * 86_400)) if random.random() < 0.25 else None,
            d365_sync_status=_drawn(random, ("synced", "queued", "error", "in_progress"), (80, 15, 10, 5), "pending")
            or "",
            referral_type=_drawn(random, ("co-sell", "marketplace", "solution-provider"), (40, 25, 15), None),
            city=PLACES[_skewed(random, len(PLACES))] if random.random() < 0.65 else None,
            tenant_size=_drawn(random, *_SIZES, None),
            mark=_drawn(random, *_MARKED, None),
            lists=tuple({_skewed(random, len(LISTS)) for _ in range(random.choice((0, 0, 0, 1, 1, 1, 1, 1, 1, 2)))}),
        )


def _skewed(random: Random, count: int) -> int:
    """Return a place: the first ones often, the last ones seldom."""
    return int(count * random.random() ** 2.5)


def _drawn(random: Random, words: Sequence[str], shares: Sequence[int], rest: str | None) -> str | None:
    """Draw a word by its share of a thousand."""
    at = random.randrange(1000)
    for word, share in zip(words, shares, strict=True):
        if at < share:
            return word
        at -= share
    return rest


def _kind(random: Random, rulebook: Rulebook, domain: str) -> AssessedDomain:
    keeper = random.choices(KEEPERS, [keeper.share for keeper in KEEPERS])[0]
    mail = _mail(random, keeper, domain)
    registration = RegistrationEvidence(
        registrar=Found("Örnek Alan Adı Hizmetleri A.Ş."),
        expires_at=Found(date(2027, 1, 1)),
        nameservers=Found(("ns1.alan.example", "ns2.alan.example")),
    )
    seen = Evidence(domain, NOW, mail, registration, MicrosoftEvidence())
    assessment = assess(seen, rulebook, NOW)
    reason = f"{assessment.reason_code}: Bu kurumun postası ve koruması değerlendirildi; ayrıntılar aşağıdadır."
    low, high = random.choice(((3_000, 90_000), (600, 3_000), (6_000, 60_000)))
    return AssessedDomain(seen, assessment, reason, low, high)


def _mail(random: Random, keeper: Keeper, domain: str) -> MailEvidence:
    named = [host.replace(_MARK, domain if host.endswith(_MARK) else domain.replace(".", "-")) for host in keeper.hosts]
    hosts = tuple(MXHost(10 * place, host) for place, host in enumerate(named, start=1))
    mx: Signal[tuple[MXHost, ...]] = (
        Found(hosts, tuple(f"{at.preference} {at.host}" for at in hosts)) if hosts else _NONE
    )
    if random.randrange(100) < _FAILED:
        mx = _LATE
    return MailEvidence(
        mx=mx,
        spf=_spf(random, keeper) if random.randrange(100) < keeper.spf else _NONE,
        dkim=_dkim(random) if random.randrange(100) < keeper.dkim else _maybe(random),
        dmarc=_dmarc(random, keeper, domain),
        autodiscover_cname=_NONE,
        autodiscover_srv=_NONE,
        dkim_targets=_NONE,
        ns=Found(("ns1.alan.example", "ns2.alan.example")),
        verifications=Found(("google", "microsoft"), tuple(_token(random) for _ in range(random.randrange(16, 26)))),
    )


def _token(random: Random) -> str:
    """Return a text as services ask to be published; most domains that are in use have many."""
    return f"service-verification={random.getrandbits(256):064x}"


def _maybe(random: Random) -> Absent | Unknown:
    return _LATE if random.randrange(100) < _FAILED else _NONE


def _spf(random: Random, keeper: Keeper) -> Found[SPFPolicy]:
    others = random.sample(["mail.alan.example", "spf.bulten.example", "send.crm.example", "spf.destek.example"], 4)
    includes = tuple(filter(None, (keeper.include, *others[: random.choice((0, 0, 1, 1, 2, 3))])))
    end = random.choice("-~~")
    text = " ".join(("v=spf1", "a", "mx", *(f"include:{name}" for name in includes), f"{end}all"))
    terms = (*(SPFTerm("+", "include", name) for name in includes), SPFTerm(end, "all", ""))
    return Found(SPFPolicy(text, terms, includes, None, end, len(includes) + 2, 0, includes), (text,))


def _dkim(random: Random) -> Found[tuple[DKIMKey, ...]]:
    key = "".join(random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=392))
    text = f"v=DKIM1; k=rsa; p={key}"
    return Found((DKIMKey("selector1", "rsa", False, False, text),), (text,))


def _dmarc(random: Random, keeper: Keeper, domain: str) -> Signal[DMARCPolicy]:
    at = random.randrange(100)
    for policy, share in zip(("reject", "quarantine", "none"), keeper.dmarc, strict=True):
        if at < share:
            text = f"v=DMARC1; p={policy}; rua=mailto:dmarc@{domain}"
            rua = (f"mailto:dmarc@{domain}",)
            return Found(DMARCPolicy(policy, 100, False, domain, text, policy, None, None, None, rua, False), (text,))
        at -= share
    return _maybe(random)
