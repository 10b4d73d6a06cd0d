"""From a list to scanned leads: what its rows say is kept, bad rows come back mended, and what is stored is scanned."""

import csv
import json
import signal
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from tests.integration.cli.stored.conftest import Commands, Database
from tests.integration.servers.watching import eventually
from tests.support.spreadsheets import xlsx

GOOGLE, MICROSOFT = "pervane-yazilim.example", "anadolu-rulman.example"
ROWS = (
    ("Firma", "Web", "Çalışan Sayısı", "Ülke", "Şehir", "Mevcut Müşteri", "Aranmasın"),
    ("Pervane Yazılım", GOOGLE, "51-200", "Türkiye", "Bursa", "", ""),
    ("Anadolu Rulman", f"https://www.{MICROSOFT}", "1.250", "Germany", "Ankara", "evet", ""),
    ("Sessiz Ltd.", "sessiz.example", "çok", "Narnia", "", "", "x"),
)
DESCRIBED = """
select domain, canonical_name, seat_count, size_source, country, city, is_own_customer, is_do_not_contact
from companies order by domain
"""
KEPT = [
    (MICROSOFT, "Anadolu Rulman", 1250, "import", "DE", "Ankara", True, False),
    (GOOGLE, "Pervane Yazılım", 125, "import", "TR", "Bursa", False, False),
    ("sessiz.example", "Sessiz Ltd.", None, None, None, None, False, True),
]
LISTED = """
select l.name, m.domain, m.row_number from company_lists m join lists l on l.id = m.list_id order by m.row_number
"""
SLEEPS = """
create function sleep_on() returns trigger language plpgsql as $$ begin
    if (select count(*) from companies) > 2500 then perform pg_sleep(60); end if;
    return null;
end $$;
create trigger sleep_on after insert on companies for each statement execute function sleep_on();
"""
#: One row while a store of the second batch sleeps; its two transactions do so one by one.
SLEEPING = "select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database() limit 1"


@pytest.fixture
def server() -> Iterator[str]:
    """A server that knows many companies."""
    with start_name_server(GeneratedWorldSource(3_000)) as running:
        yield f"{running.host}:{running.port}"


def names_of(count: int) -> str:
    return "".join(f"f{number:07}.example\n" for number in range(count))


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(StringIO(file.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))


def test_what_a_row_says_of_a_company_is_kept(hunter: Commands, database: Database) -> None:
    hunter.write("osb.xlsx", xlsx({"Liste": ROWS}))
    result = hunter("ingest", "osb.xlsx")
    assert result.code == 0
    assert database.rows(DESCRIBED) == KEPT
    assert database.rows(LISTED) == [
        ("osb.xlsx", GOOGLE, 2),
        ("osb.xlsx", MICROSOFT, 3),
        ("osb.xlsx", "sessiz.example", 4),
    ]
    assert database.rows("select row_count from lists") == [(3,)]
    assert result.errors.splitlines() == [
        'Satır 4: çalışan sayısı anlaşılmadı: "çok". Satır bu bilgi olmadan alındı.',
        'Satır 4: ülke anlaşılmadı: "Narnia". Satır bu bilgi olmadan alındı.',
    ]


def test_a_scan_of_a_list_keeps_the_same(hunter: Commands, database: Database, demo_server: str) -> None:
    hunter.write("osb.xlsx", xlsx({"Liste": ROWS}))
    assert hunter("scan", "-f", "osb.xlsx", "--list", "Fuar 2026", "--server", demo_server).code == 0
    assert database.rows(DESCRIBED) == KEPT
    assert database.rows(LISTED)[0] == ("Fuar 2026", GOOGLE, 2)
    assert {GOOGLE, MICROSOFT} <= database.domains()
    assert hunter("db", "check").output == "no difference\n"


def test_a_company_that_must_not_be_contacted_is_a_refused_row(hunter: Commands, database: Database) -> None:
    hunter.write("osb.csv", "Firma;Web;Aranmasın\nSessiz;sessiz.example;x\n")
    assert hunter("ingest", "osb.csv").code == 0
    hunter.write("yeni.csv", "Firma;Web\nÇınar;cinar.example\nSessiz Yine;sessiz.example\n")
    result = hunter("ingest", "yeni.csv", "--rejects", "kalan.csv", "--json")
    report = json.loads(result.output)
    assert (result.code, report["accepted"], report["refused_by_reason"]) == (1, 1, {"DO_NOT_CONTACT": 1})
    assert report["errors"] == [{"row": 3, "code": "DO_NOT_CONTACT", "text": "sessiz.example"}]
    assert rows_of(hunter.folder / "kalan.csv")[1][:2] == ["Sessiz Yine", "sessiz.example"]
    assert database.rows("select canonical_name from companies where domain = 'sessiz.example'") == [("Sessiz",)]


@pytest.mark.parametrize("command", [("ingest", "osb.csv"), ("scan", "-f", "osb.csv")], ids=["ingest", "scan"])
def test_refused_rows_are_mended_and_brought_again(
    hunter: Commands, database: Database, demo_server: str, command: tuple[str, ...]
) -> None:
    asked = (*command, *(("--server", demo_server) if command[0] == "scan" else ()))
    hunter.write(
        "osb.csv",
        "OSB listesi;;\nFirma;E-posta;Web\nPervane;;pervane-yazilim.example\n"
        "+Rulman;ali@gmail.com;yok\n=Çınar;;cinar dokum\n",
    )
    result = hunter(*asked, "--rejects", "kalan.csv")
    assert result.code == 1
    assert "Alınmayan satırlar kalan.csv dosyasında. Düzeltip aynı komutla yeniden verin." in result.errors
    assert rows_of(hunter.folder / "kalan.csv") == [
        ["Firma", "E-posta", "Web", "Hunter: neden alınmadı"],
        [
            *("'+Rulman", "ali@gmail.com", "yok"),
            'Satır 4: "ali@gmail.com" kişisel posta alanı, firma değil. Firmanın kendi alan adını verin.',
        ],
        [
            *("'=Çınar", "", "cinar dokum"),
            'Satır 5: "cinar dokum" geçerli bir alan adı değil: boşluk içeriyor. firma.example gibi yazın.',
        ],
    ]
    mended = (hunter.folder / "kalan.csv").read_text(encoding="utf-8-sig")
    hunter.write("osb.csv", mended.replace(";yok;", f";{MICROSOFT};"))
    again = hunter(*asked, "--rejects", "son.csv")
    assert again.code == 1
    assert [row[2] for row in rows_of(hunter.folder / "son.csv")[1:]] == ["cinar dokum"]
    assert database.rows("select domain, canonical_name from companies order by domain") == [
        (MICROSOFT, "+Rulman"),
        (GOOGLE, "Pervane"),
    ]


def test_a_list_without_a_header_gets_one_with_its_refused_rows(hunter: Commands) -> None:
    hunter.write("liste.txt", "a.example\nbozuk\nb.example\n")
    assert hunter("ingest", "liste.txt", "--rejects", "kalan.csv", "--lang", "en").code == 1
    text = (hunter.folder / "kalan.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "A,Hunter: why it was not taken"
    hunter.write("kalan.csv", text.replace("bozuk,", "c.example,"))
    assert json.loads(hunter("ingest", "kalan.csv", "--json").output)["accepted"] == 1


def test_without_a_bad_row_no_file_is_made(hunter: Commands) -> None:
    hunter.write("liste.txt", "a.example\n")
    assert hunter("ingest", "liste.txt", "--rejects", "kalan.csv").errors == ""
    assert not (hunter.folder / "kalan.csv").exists()


def test_a_list_is_never_written_over_by_its_own_rows(hunter: Commands) -> None:
    content = "a.example\nbozuk\n"
    hunter.write("liste.txt", content)
    result = hunter("ingest", "liste.txt", "--rejects", "./liste.txt")
    assert (result.code, "hem okunacak hem de yazılacak" in result.errors) == (2, True)
    assert (hunter.folder / "liste.txt").read_text(encoding="utf-8") == content


def test_a_list_is_taken_and_scanned_in_one_command(hunter: Commands, database: Database, demo_server: str) -> None:
    hunter.write("osb.xlsx", xlsx({"Liste": ROWS}))
    result = hunter("ingest", "osb.xlsx", "--scan", "--server", demo_server)
    assert result.code == 0
    assert result.output.startswith("3 firma alındı: 3 satır okundu, 0 tekrar.")
    # Nobody asks about a company that wants to be left in peace.
    assert "2 alan adı, " in result.errors
    assert database.domains() == {GOOGLE, MICROSOFT}
    assert database.rows(DESCRIBED) == KEPT


def test_what_was_never_scanned_is_scanned_page_by_page(hunter: Commands, database: Database, server: str) -> None:
    hunter.write("liste.txt", names_of(2_300))
    assert hunter("ingest", "liste.txt").code == 0
    result = hunter("scan", "--unscanned", "--server", server)
    assert (result.code, result.output) == (0, "")
    assert "2.300 alan adı, " in result.errors
    assert len(database.domains()) == 2_300
    again = hunter("scan", "--unscanned", "--server", server)
    assert (again.code, again.errors) == (0, "Taranacak firma yok: hepsi taranmış.\n")


def test_what_was_scanned_long_ago_is_scanned_oldest_first(hunter: Commands, database: Database, server: str) -> None:
    hunter.write("liste.txt", names_of(4))
    hunter("scan", "-f", "liste.txt", "--server", server)
    hunter.write("yeni.txt", "f0000004.example\n")
    hunter("ingest", "yeni.txt")
    for table in ("domain_signals", "lead_scans"):
        database.run(
            *(
                f"update {table} set scanned_at = now() - interval '{days} days' "
                f"where domain = 'f000000{number}.example'"
                for number, days in ((0, 8), (1, 9), (2, 1))
            )
        )
    result = hunter("scan", "--unscanned", "--older-than", "7d", "--json", "--concurrency", "1", "--server", server)
    assert [json.loads(line)["domain"] for line in result.output.splitlines()] == [
        "f0000004.example",
        "f0000001.example",
        "f0000000.example",
    ]


def test_a_list_that_breaks_in_the_middle_leaves_what_was_taken(hunter: Commands, database: Database) -> None:
    hunter.write("liste.csv", "Web;Firma\n" + "".join(f"f{n}.example;F\n" for n in range(2_500)) + "x;" * 2_000)
    result = hunter("ingest", "liste.csv")
    assert result.code == 1
    assert result.errors.startswith("liste.csv: Tabloda 2001 sütun var, sınır 1000 sütun.")
    assert result.output.startswith("Yarıda kaldı: 1999 firma alındı ve kayıtlı, 1999 satır okunmuştu")
    assert database.rows("select count(*) from companies") == [(1_999,)]


def test_a_scanned_list_that_breaks_says_so_after_the_names_before(hunter: Commands, server: str) -> None:
    rows = "".join(f"f{number:07}.example;F\n" for number in range(1_500))
    hunter.write("liste.csv", "Web;Firma\n" + rows + "x;" * 2_000)
    result = hunter("scan", "-f", "liste.csv", "--json", "--no-save", "--server", server)
    assert result.code == 1
    assert "liste.csv: Tabloda 2001 sütun var" in result.errors
    assert len(result.output.splitlines()) == 999


def test_ctrl_c_says_what_stays(hunter: Commands, database: Database) -> None:
    database.run(SLEEPS)
    hunter.write("liste.txt", names_of(5_000))
    process = hunter.start("ingest", "liste.txt")
    eventually(lambda: database.rows(SLEEPING) == [(1,)])
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, b"hunter: stopped\n")
    assert output.decode().startswith("Yarıda kaldı: 2000 firma alındı ve kayıtlı")
    assert database.rows("select count(*) from companies") == [(2_000,)]


def test_a_disk_without_room_for_refused_rows_is_said(hunter: Commands, database: Database) -> None:
    hunter.write("liste.txt", "a.example\nbozuk\n")
    process = hunter.start("ingest", "liste.txt", "--rejects", "/dev/full")
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "hunter: cannot go on: " in errors.decode()
    assert output.decode().startswith("Yarıda kaldı: 1 firma alındı ve kayıtlı")
    assert database.rows("select count(*) from companies") == [(1,)]
