"""Rows of invented lists and exports, the same in every run: typed as people type, with the usual share of faults."""

from collections.abc import Iterator
from typing import Final

HEADER: Final = ("Sıra No", "Firma Ünvanı", "Adres", "Telefon", "E-posta", "Web Sitesi")
_BRANCHES: Final = (
    "Döküm",
    "Makina",
    "Tekstil",
    "Gıda",
    "Plastik",
    "Ambalaj",
    "Çelik",
    "İnşaat",
    "Yazılım",
    "Ağaç Ürünleri",
)
#: Of a hundred rows: how the web site is written; the other ninety are plain names and URLs.
_ODD: Final = {
    7: "",
    19: "yok",
    23: "www.firma-{number}.example, www.marka-{number}.example",
    41: "HTTPS://WWW.FIRMA-{number}.EXAMPLE/TR/ILETISIM.ASPX",
    53: "https://www.facebook.com/firma{number}",
    67: "firma {number}.example",
    71: "www.örnek-şirket-{number}.example",
    83: "firma-{earlier}.example",
    97: "-",
}


def list_rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield the header and so many rows."""
    yield HEADER
    for number in range(count):
        branch = _BRANCHES[number % len(_BRANCHES)]
        mailbox = f"firma{number}@gmail.com" if number % 3 == 1 else f"bilgi@firma-{number}.example"
        yield (
            str(number + 1),
            f"Örnek {number} {branch} Sanayi ve Ticaret A.Ş.",
            f"Organize Sanayi Bölgesi {number % 40}. Cadde No: {number % 90}, Nilüfer / Bursa",
            f"0224 {number % 1000:03} {number % 100:02} {number % 97:02}",
            mailbox,
            _web_site(number),
        )


def _web_site(number: int) -> str:
    usual = f"https://www.firma-{number}.example/" if number % 2 else f"www.firma-{number}.example"
    return _ODD.get(number % 100, usual).format(number=number, earlier=number - 40)


def export_rows(count: int) -> Iterator[tuple[str | int, ...]]:
    """Yield a header and so many rows of 32 columns, as an export of leads has them."""
    yield tuple(f"column_{column}" for column in range(32))
    for number in range(count):
        yield (
            *(
                f"firma-{number}.example",
                f"Örnek {number} Sanayi A.Ş.",
                "M365",
                "TR",
                "Migration",
                number % 101,
                number % 7,
            ),
            *("Yes", "No", "none", f"firma-{number}.mail.protection.example", "Örnek Kayıt A.Ş.", "2027-03-01"),
            *("ns1.firma.example, ns2.firma.example", "success", "2026-01-28T09:00:00+03:00", "Taşınmaya hazır. " * 4),
            *("=x",) * 15,
        )
