"""`hunter ingest FILE`: a list becomes companies; bad rows are named, a file that cannot be read leaves nothing."""

import json

import pytest

from tests.integration.cli.stored.conftest import Commands, Database
from tests.support.spreadsheets import encrypted_xlsx, ods, packed, xls, xlsx

ROWS = (
    ("Firma Adı", "Yetkili E-posta", "Web Sitesi"),
    ("Çınar Döküm A.Ş.", "bilgi@cinar.example", "https://www.cinar.example/iletisim"),
    ("Pervane Yazılım", "", "pervane.example"),
    ("Rulman Ltd.", "ali@rulman.example", ""),
)
KEPT = [
    ("cinar.example", "Çınar Döküm A.Ş."),
    ("pervane.example", "Pervane Yazılım"),
    ("rulman.example", "Rulman Ltd."),
]
COMPANIES = 'select domain, canonical_name from companies order by domain collate "C"'
RAW = "select count(*) from raw_leads"


def csv(*rows: tuple[str, ...], separator: str = ";") -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows)


def test_sheets_that_are_not_read_are_said(hunter: Commands, database: Database) -> None:
    hunter.write("liste.xlsx", xlsx({"2026": ROWS, "2025": (("Firma", "Web"), ("Meşe", "mese.example"))}))
    result = hunter("ingest", "liste.xlsx")
    assert (result.code, result.errors) == (0, "Yalnız “2026” sayfası okunuyor; arkasında 1 sayfa daha var.\n")
    assert database.rows(COMPANIES) == KEPT


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("utf8.csv", csv(*ROWS).encode()),
        ("bom.csv", csv(*ROWS).encode("utf-8-sig")),
        ("windows.csv", csv(*ROWS).encode("cp1254")),
        ("latin.csv", csv(*ROWS, separator="\t").encode("iso8859-9")),
        ("comma.csv", csv(*ROWS, separator=",").encode()),
        ("liste.xlsx", xlsx({"Sayfa1": ROWS})),
        ("liste.xls", xls(ROWS)),
        ("liste.ods", ods(ROWS)),
    ],
)
def test_every_kind_of_list_gives_the_same_companies(
    hunter: Commands, database: Database, name: str, content: bytes
) -> None:
    hunter.write(name, content)
    result = hunter("ingest", name)
    assert (result.code, result.errors) == (0, "")
    assert result.output == "3 firma alındı: 3 satır okundu, 0 tekrar.\n0 satır alınmadı.\n"
    assert database.rows(COMPANIES) == KEPT
    assert database.rows(RAW) == [(3,)]


def test_nothing_is_scanned(hunter: Commands, database: Database) -> None:
    hunter.write("liste.csv", csv(*ROWS))
    hunter("ingest", "liste.csv")
    assert database.domains() == set()
    assert database.rows("select count(*) from evidence") == [(0,)]
    assert hunter("db", "check").output == "no difference\n"


def test_bad_rows_are_named_by_number_and_the_others_stay(hunter: Commands, database: Database) -> None:
    rows = (
        *ROWS,
        ("Serbest", "ali@gmail.com", ""),
        ("Boş", "", ""),
        ("Adres", "", "10.0.0.1"),
        ("Söz", "", "cinarli dokum"),
    )
    hunter.write("liste.csv", csv(*rows))
    result = hunter("ingest", "liste.csv")
    assert (result.code, result.output) == (1, "3 firma alındı: 7 satır okundu, 0 tekrar.\n4 satır alınmadı.\n")
    assert result.errors.splitlines() == [
        'Satır 5: "ali@gmail.com" kişisel posta alanı, firma değil. Firmanın kendi alan adını verin.',
        "Satır 6: alan adı, web sitesi ve e-posta boş.",
        'Satır 7: "10.0.0.1" bir IP adresi, alan adı değil. firma.example gibi yazın.',
        'Satır 8: "cinarli dokum" geçerli bir alan adı değil: boşluk içeriyor. firma.example gibi yazın.',
    ]
    assert database.rows(COMPANIES) == KEPT


@pytest.mark.parametrize("address", ["https://firma.wordpress.com", "https://sites.google.com/view/firma"])
def test_a_shared_host_never_becomes_a_company(hunter: Commands, database: Database, address: str) -> None:
    hunter.write("liste.csv", csv(("Firma", "Web"), ("Bir", address), ("İki", "iki.example")))
    result = hunter("ingest", "liste.csv")
    assert result.code == 1
    assert "ortak bir barındırma adresi, firma değil" in result.errors
    assert database.rows(COMPANIES) == [("iki.example", "İki")]


def test_json_is_the_whole_report(hunter: Commands) -> None:
    rows = (
        *ROWS,
        ("Serbest", "ali@gmail.com", ""),
        ("Yine", "", "www.cinar.example"),
        ("Çift", "b@x.example", "y.example"),
    )
    hunter.write("liste.csv", csv(*rows))
    result = hunter("ingest", "liste.csv", "--json")
    assert result.code == 1
    assert json.loads(result.output) == {
        "kept": True,
        "complete": True,
        "total_rows": 6,
        "accepted": 4,
        "repeated": 1,
        "conflicts": 1,
        "refused": 1,
        "refused_by_reason": {"free_mail": 1},
        "errors": [{"row": 5, "code": "free_mail", "text": "ali@gmail.com"}],
        "notes": [],
    }


def test_a_dry_run_reads_to_the_end_and_keeps_nothing(hunter: Commands, database: Database) -> None:
    hunter.write("liste.csv", csv(*ROWS, ("Serbest", "ali@gmail.com", "")))
    result = hunter("ingest", "liste.csv", "--dry-run")
    assert result.code == 1
    assert result.output.startswith("Deneme: 3 firma alınabilir: 4 satır okundu, 0 tekrar. Hiçbir şey kaydedilmedi.\n")
    assert "Satır 5: " in result.errors
    assert json.loads(hunter("ingest", "liste.csv", "--dry-run", "--json").output)["kept"] is False
    assert (database.rows(COMPANIES), database.rows(RAW)) == ([], [(0,)])


def test_a_dry_run_needs_no_database(hunter: Commands) -> None:
    hunter.write("liste.csv", csv(*ROWS))
    nowhere = "postgresql://hunter@127.0.0.1:1/hunter"
    assert hunter("ingest", "liste.csv", "--dry-run", HUNTER_DATABASE_URL=nowhere).code == 0
    kept = hunter("ingest", "liste.csv", HUNTER_DATABASE_URL=nowhere)
    assert (kept.code, kept.output, kept.errors) == (1, "", "hunter: the database cannot be reached\n")


def test_a_list_that_comes_twice_makes_no_company_twice(hunter: Commands, database: Database) -> None:
    hunter.write("liste.csv", csv(*ROWS))
    first, second = hunter("ingest", "liste.csv"), hunter("ingest", "liste.csv")
    assert first == second
    assert database.rows(COMPANIES) == KEPT
    assert database.rows(RAW) == [(6,)]


def test_cells_that_a_sheet_would_compute_are_kept_as_text(hunter: Commands, database: Database) -> None:
    name = '=HYPERLINK("http://kotu.example";"Tıkla")'
    hunter.write("liste.xlsx", xlsx({"Sayfa1": (("Firma", "Web"), (name, "cinar.example"))}))
    assert hunter("ingest", "liste.xlsx").code == 0
    assert database.rows(COMPANIES) == [("cinar.example", name)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("parola.xlsx", encrypted_xlsx(), "Dosya parola korumalı. Parolayı kaldırıp yeniden verin."),
        ("parola.xls", xls(ROWS, is_encrypted=True), "Dosya parola korumalı. Parolayı kaldırıp yeniden verin."),
        ("bozuk.xlsx", xlsx({"Sayfa1": ROWS})[:2000], "Dosya bozuk, açılamadı. Excel ile açıp yeniden kaydedin."),
        ("baska.xlsx", packed({"belge.txt": "merhaba"}), "Dosyanın adı .xlsx ile bitiyor, içeriği ise ZIP."),
        ("bos.csv", b"\r\n \r\n", "Dosya boş: dolu bir satır yok."),
        ("resim.csv", b"\x89PNG\r\n\x1a\n", "Dosyanın adı .csv ile bitiyor, içeriği ise PNG."),
        ("liste.pdf", b"%PDF-1.7", "Bu türden dosyalar okunmuyor (uzantı: pdf)."),
        (
            "telefon.csv",
            b"Ad;Telefon\r\nAli;1\r\n",
            "Alan adı sütunu bulunamadı. Bulunan sütunlar: Ad, Telefon.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_leaves_nothing(
    hunter: Commands, database: Database, name: str, content: bytes, said: str
) -> None:
    hunter.write(name, content)
    result = hunter("ingest", name)
    assert (result.code, result.output) == (2, "")
    assert result.errors.startswith(f"{name}: {said}")
    assert len(result.errors.splitlines()) == 1
    assert (database.rows(COMPANIES), database.rows(RAW)) == ([], [(0,)])


def test_a_list_with_too_many_rows_is_refused(hunter: Commands, database: Database) -> None:
    hunter.write("liste.csv", csv(*ROWS))
    result = hunter("ingest", "liste.csv", HUNTER_UPLOAD_MAX_ROWS="2")
    assert (result.code, result.output) == (2, "")
    assert result.errors == "liste.csv: Dosyada 3 satır var, sınır 2 satır. Dosyayı bölün.\n"
    assert database.rows(COMPANIES) == []


def test_a_list_that_is_too_long_far_below_leaves_nothing(hunter: Commands, database: Database) -> None:
    hunter.write("liste.csv", csv(("Web",), *((f"f{number}.example",) for number in range(2_000))))
    result = hunter("ingest", "liste.csv", HUNTER_UPLOAD_MAX_ROWS="1500")
    assert (result.code, result.output) == (2, "")
    assert result.errors == "liste.csv: Dosyada 2000 satır var, sınır 1500 satır. Dosyayı bölün.\n"
    assert database.rows(COMPANIES) == []


def test_what_was_accepted_stays_when_a_later_list_is_refused(hunter: Commands, database: Database) -> None:
    hunter.write("iyi.csv", csv(*ROWS))
    hunter.write("parola.xlsx", encrypted_xlsx())
    hunter("ingest", "iyi.csv")
    assert hunter("ingest", "parola.xlsx").code == 2
    assert database.rows(COMPANIES) == KEPT


def test_fixed_columns_are_taken_by_their_names_only(hunter: Commands, database: Database) -> None:
    hunter.write("liste.csv", "domain,company_name\r\ncinar.example,Çınar\r\n")
    assert hunter("ingest", "liste.csv", "--fixed-columns").code == 0
    assert database.rows(COMPANIES) == [("cinar.example", "Çınar")]
    hunter.write("turkce.csv", csv(*ROWS))
    assert hunter("ingest", "turkce.csv", "--fixed-columns").code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "required: FILE"),
        (("yok.csv",), "yok.csv: Dosya bulunamadı. Yolunu denetleyin."),
        (("klasor.csv",), "klasor.csv: Bu bir klasör. İçindeki bir dosyayı verin."),
        (("liste.csv", "--lang", "de"), "invalid choice: 'de'"),
        (("liste.csv", "--force"), "--force"),
    ],
)
def test_a_call_that_cannot_work_says_why(hunter: Commands, arguments: tuple[str, ...], said: str) -> None:
    hunter.write("liste.csv", csv(*ROWS))
    (hunter.folder / "klasor.csv").mkdir()
    result = hunter("ingest", *arguments)
    assert (result.code, result.output) == (2, "")
    assert said in result.errors


def test_the_language_is_the_option(hunter: Commands) -> None:
    hunter.write("liste.csv", csv(*ROWS, ("Serbest", "ali@gmail.com", "")))
    result = hunter("ingest", "liste.csv", "--lang", "en")
    assert result.errors.startswith('Line 5: "ali@gmail.com" is')
