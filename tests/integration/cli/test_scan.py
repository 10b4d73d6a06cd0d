"""`hunter scan` as a user starts it, against a real name server."""

import json
import os
import pty
import re
import select
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic

import pytest

from hunter.lab.dns.faults import Faults
from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource, RecordsWorldSource
from tests.integration.cli.conftest import Hunter, command, environment
from tests.support.spreadsheets import Rows, ods, xls, xlsx

GOOGLE, MICROSOFT, NO_MAIL = "pervane-yazilim.example", "anadolu-rulman.example", "eskikuyu-emlak.example"
#: Seconds that a busy machine may add to a time that people see.
PATIENCE = 1.0
HALF_DEAD = Faults(dead=0.5)
HOSTILE = {
    "kotu.example": {
        "MX": ("10 mail.kotu.example.",),
        "TXT": ('"v=spf1 \\027[2J\\027]0;kotu\\007 -all"',),
        "NS": ("ns1.kotu.example.",),
    },
    "mail.kotu.example": {"A": ("192.0.2.7",)},
    "_dmarc.kotu.example": {"TXT": ('"v=DMARC1; p=reject; rua=\\155\\x1b"',)},
}


def test_one_name_gives_a_brief_with_the_verdict_first(hunter: Hunter, demo_server: str) -> None:
    result = hunter("scan", GOOGLE, "--server", demo_server)
    lines = result.output.splitlines()
    assert (result.code, result.errors) == (0, "")
    assert lines[0] == f"{GOOGLE} · Skor 90 · Öncelik 1/7"
    assert lines[1].startswith("Google Workspace kullanıyor, Microsoft 365 kullanmıyor. Taşınma için güçlü bir fırsat")
    assert len(lines) <= 24


def test_the_language_is_the_option_then_the_setting(hunter: Hunter, demo_server: str) -> None:
    asked = ("scan", GOOGLE, "--server", demo_server)
    assert "Uses Google Workspace, not Microsoft 365." in hunter(*asked, "--lang", "en").output
    assert "Uses Google Workspace, not Microsoft 365." in hunter(*asked, HUNTER_LANGUAGE="en").output
    assert "Google Workspace kullanıyor" in hunter(*asked, "--lang", "tr", HUNTER_LANGUAGE="en").output


def test_settings_are_read_from_the_env_file_of_the_folder(hunter: Hunter, demo_server: str) -> None:
    (hunter.folder / ".env").write_text(f"HUNTER_LANGUAGE=en\nHUNTER_DNS_SERVERS={demo_server}\n", encoding="utf-8")
    assert "Uses Google Workspace" in hunter("scan", GOOGLE).output


def test_url_email_and_international_names_are_understood(hunter: Hunter, demo_server: str) -> None:
    names = (f"https://www.{GOOGLE}/iletisim?x=1", f"bilgi@{MICROSOFT}", "Çamlıca-gıda.example")
    result = hunter("scan", *names, "--json", "--server", demo_server)
    found = {one["domain"]: one["input"] for one in map(json.loads, result.output.splitlines())}
    assert result.code == 0
    assert found == {GOOGLE: names[0], MICROSOFT: names[1], "xn--amlca-gda-p3a13fea.example": names[2]}


def test_many_names_give_a_table_in_order_of_priority(hunter: Hunter, demo_server: str) -> None:
    result = hunter("scan", NO_MAIL, MICROSOFT, GOOGLE, "--server", demo_server)
    assert result.code == 0
    assert [line.split()[2] for line in result.output.splitlines()[1:]] == [GOOGLE, MICROSOFT, NO_MAIL]
    assert result.errors.startswith("3 alan adı, ")


def test_json_is_one_object_a_line_with_unescaped_turkish(hunter: Hunter, demo_server: str) -> None:
    result = hunter("scan", GOOGLE, MICROSOFT, "--json", "--server", demo_server)
    found = {one["domain"]: one for one in map(json.loads, result.output.splitlines())}
    assert (result.code, result.errors) == (0, "")
    assert found[GOOGLE]["m365"]["state"] == "no"
    assert found[MICROSOFT]["m365"]["state"] == "yes"
    assert "kullanıyor" in result.output


def test_a_csv_is_read_by_what_its_columns_hold(hunter: Hunter, demo_server: str) -> None:
    table = f"Firma Adı;Adres;Web\nPervane;OSB 4. Cadde;www.{GOOGLE}\nRulman;OSB 5;{MICROSOFT}\n"
    (hunter.folder / "osb.csv").write_bytes(table.encode("cp1254"))
    result = hunter("scan", "-f", "osb.csv", "--json", "--server", demo_server)
    assert result.code == 0
    assert {json.loads(line)["domain"] for line in result.output.splitlines()} == {GOOGLE, MICROSOFT}


@pytest.mark.parametrize(("kind", "make"), [("xlsx", lambda rows: xlsx({"a": rows})), ("xls", xls), ("ods", ods)])
def test_a_workbook_is_a_list_as_well(
    hunter: Hunter, demo_server: str, kind: str, make: Callable[[Sequence[tuple[str, ...]]], bytes]
) -> None:
    rows = [("Firma", "Web"), ("Pervane", f"www.{GOOGLE}"), ("Rulman", MICROSOFT), ("Yok", "ali@gmail.com")]
    (hunter.folder / f"osb.{kind}").write_bytes(make(rows))
    result = hunter("scan", "-f", f"osb.{kind}", "--json", "--server", demo_server)
    assert {json.loads(line)["domain"] for line in result.output.splitlines()} == {GOOGLE, MICROSOFT}
    assert result.errors.startswith('Satır 4: "ali@gmail.com" kişisel posta alanı')
    assert result.code == 1


def test_sheet_and_columns_are_chosen_by_hand(hunter: Hunter, demo_server: str) -> None:
    sheets: dict[str, Rows] = {
        "Eski": [("Firma", "Web"), ("Rulman", MICROSOFT)],
        "Yeni": [("x", GOOGLE, "yedek.example")],
    }
    (hunter.folder / "osb.xlsx").write_bytes(xlsx(sheets))
    asked = ("scan", "-f", "osb.xlsx", "--json", "--server", demo_server)
    result = hunter(*asked, "--sheet", "Yeni", "--columns", "domain=B")
    assert (result.code, [json.loads(line)["domain"] for line in result.output.splitlines()]) == (0, [GOOGLE])
    missing = hunter(*asked, "--sheet", "3")
    assert (missing.code, missing.output) == (2, "")
    assert missing.errors == 'osb.xlsx: "3" adlı ya da sıralı bir sayfa yok. Sayfalar: 1 Eski, 2 Yeni.\n'


def test_standard_input_is_a_list_too_and_each_name_is_scanned_once(hunter: Hunter, demo_server: str) -> None:
    given = f"# liste\n{GOOGLE}\nhttps://{GOOGLE}/\n{MICROSOFT}\n".encode()
    result = hunter("scan", "-f", "-", "--server", demo_server, given=given)
    assert result.code == 0
    assert len(result.output.splitlines()) == 3
    assert "Yinelenen 1 satır bir kez tarandı." in result.errors


def test_a_bad_name_is_said_and_does_not_stop_the_others(hunter: Hunter, demo_server: str) -> None:
    result = hunter("scan", "cinarli dokum", GOOGLE, "ali@gmail.com", "10.0.0.1", "--json", "--server", demo_server)
    assert result.code == 1
    assert [json.loads(line)["domain"] for line in result.output.splitlines()] == [GOOGLE]
    assert result.errors.splitlines() == [
        '"cinarli dokum" geçerli bir alan adı değil: boşluk içeriyor. firma.example gibi yazın.',
        '"ali@gmail.com" kişisel posta alanı, firma değil. Firmanın kendi alan adını verin.',
        '"10.0.0.1" bir IP adresi, alan adı değil. firma.example gibi yazın.',
    ]


def test_a_bad_line_of_a_list_is_said_with_its_number(hunter: Hunter, demo_server: str) -> None:
    (hunter.folder / "liste.txt").write_text(f"{GOOGLE}\nolmaz\n", encoding="utf-8")
    result = hunter("scan", "-f", "liste.txt", "--server", demo_server)
    assert result.code == 1
    assert 'Satır 2: "olmaz" geçerli bir alan adı değil: nokta içermiyor.' in result.errors


def test_a_name_that_does_not_exist_is_assessed_as_having_no_mail(hunter: Hunter, demo_server: str) -> None:
    result = hunter("scan", "hic-olmayan-firma.example", "--json", "--server", demo_server)
    found = json.loads(result.output)
    assert (result.code, found["score"], found["hard_fail"]) == (0, 0, "mx_missing")
    assert found["reason"].startswith("Hard-fail: MX kaydı yok, bu alan adı DNS'te kayıtlı değil.")


def test_without_a_server_everything_is_unknown_and_said_so(hunter: Hunter, closed_server: str) -> None:
    result = hunter("scan", GOOGLE, MICROSOFT, "--json", "--server", closed_server)
    assert result.code == 1
    for line in result.output.splitlines():
        found = json.loads(line)
        assert (found["scan_status"], found["score"], found["provider"]) == ("dns_timeout", None, "Unknown")
        assert {signal["state"] for signal in found["signals"].values()} == {"unknown"}
    assert result.errors.count("değerlendirilemedi: MX okunamadı") == 2
    assert "Hiçbir alan adı okunamadı. Ağ bağlantısını denetleyin" in result.errors


def test_a_single_silent_name_blames_neither_the_network_nor_the_company(hunter: Hunter, slow_server: str) -> None:
    dead = next(name for name in (f"f{number:07}.example" for number in range(100)) if HALF_DEAD.is_dead(name))
    since = monotonic()
    result = hunter("scan", dead, "--server", slow_server)
    assert monotonic() - since < 11.0 + PATIENCE
    assert result.code == 1
    assert result.output.startswith(f"{dead} · Skor belirlenemedi\nSağlayıcı belirlenemedi. MX okunamadı:")
    assert result.errors.splitlines() == [
        f"{dead} değerlendirilemedi: MX okunamadı, ad sunucusu süresinde yanıt vermedi."
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give a NAME"),
        (("a.example", "--no-such-option"), "--no-such-option"),
        (("a.example", "--lang", "de"), "invalid choice"),
        (("a.example", "--concurrency", "0"), "1 to 10000"),
        (("a.example", "--server", "127.0.0.1:70000"), "port from 1 to 65535"),
        (("a.example", "--sheet", "2"), "give it by -f FILE"),
        (("a.example", "--older-than", "7d"), "--older-than goes with --unscanned"),
        (("a.example", "--unscanned"), "--unscanned is about what is stored"),
        (("--unscanned", "--no-save"), "--unscanned is about what is stored"),
        (("--unscanned", "--older-than", "7"), "such as 7d, not '7'"),
        (("-f", "yok.txt"), "yok.txt: Dosya bulunamadı. Yolunu denetleyin."),
        (("-f", "."), ".: Bu bir klasör. İçindeki bir dosyayı verin."),
        (("-f", "bos.txt"), "bos.txt: Dosya boş: dolu bir satır yok."),
        (("-f", "osb.xlsx"), "osb.xlsx: Dosya bozuk, açılamadı."),
        (("-f", "resim"), "resim: Dosya düz metin değil."),
        (("-f", "notlar.txt"), "notlar.txt: Dosya boş: dolu bir satır yok."),
        (("-f", "telefon.csv"), "telefon.csv: Alan adı sütunu bulunamadı. Bulunan sütunlar: Ad, Telefon."),
        (
            ("-f", "telefon.csv", "--columns", "domain=Web"),
            '"Web" adlı ya da harfli bir sütun yok. Sütunlar: A Ad, B Telefon.',
        ),
        (("-f", "telefon.csv", "--columns", "firma=A"), "'firma=A' is not KIND=COLUMN"),
        (("-f", "telefon.csv", "--sheet", "1"), "telefon.csv: Bu dosyanın sayfaları yok."),
        (("-f", "notlar.txt/x"), "Dosya okunamadı. Dosyayı denetleyip yeniden verin."),
        (("-f", "/dev/zero"), "/dev/zero: Dosya düz metin değil."),
        (("-f", "/dev/null"), "/dev/null: Dosya boş"),
    ],
)
def test_a_call_that_cannot_work_ends_with_two_and_says_why(
    hunter: Hunter, closed_server: str, arguments: tuple[str, ...], said: str
) -> None:
    (hunter.folder / "bos.txt").write_bytes(b" \n\n")
    (hunter.folder / "osb.xlsx").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 40)
    (hunter.folder / "resim").write_bytes(bytes(range(256)))
    (hunter.folder / "telefon.csv").write_bytes(b"Ad;Telefon\nAli;1\n")
    (hunter.folder / "notlar.txt").write_bytes(b"# hepsi bu\n")
    servers = () if "--server" in arguments else ("--server", closed_server)
    result = hunter("scan", *arguments, *servers)
    assert (result.code, result.output) == (2, "")
    assert said in result.errors
    assert "Traceback" not in result.errors


def test_a_wrong_setting_is_named(hunter: Hunter) -> None:
    result = hunter("scan", "a.example", HUNTER_LANGUAGE="de")
    assert (result.code, result.errors) == (2, "hunter: HUNTER_LANGUAGE must be tr or en, not 'de'\n")


def test_a_line_of_ten_megabytes_is_skipped_and_the_rest_is_scanned(hunter: Hunter, demo_server: str) -> None:
    (hunter.folder / "liste.txt").write_bytes(b"x" * 10_000_000 + b"\n" + GOOGLE.encode() + b"\n")
    result = hunter("scan", "-f", "liste.txt", "--json", "--server", demo_server)
    assert result.code == 1
    assert json.loads(result.output)["domain"] == GOOGLE
    assert result.errors == "Satır 1: satır bir milyon karakterden uzun, atlandı.\n"


@pytest.fixture
def hostile_server() -> Iterator[str]:
    with start_name_server(RecordsWorldSource(HOSTILE)) as server:
        yield f"{server.host}:{server.port}"


@pytest.mark.parametrize("further", [(), ("--json",), ("a.example",)], ids=["brief", "json", "table"])
def test_control_characters_from_dns_never_reach_the_output(
    hunter: Hunter, hostile_server: str, further: tuple[str, ...]
) -> None:
    result = hunter("scan", "kotu.example", *further, "--server", hostile_server)
    for line in (result.output + result.errors).splitlines():
        assert line.isprintable(), line


@pytest.fixture
def slow_server() -> Iterator[str]:
    """A server that answers about half of its domains at once and never the others."""
    with start_name_server(GeneratedWorldSource(100), faults=HALF_DEAD) as server:
        yield f"{server.host}:{server.port}"


@pytest.mark.parametrize("further", [(), ("--json",)], ids=["table", "json"])
def test_ctrl_c_stops_within_a_second_and_shows_what_is_finished(
    hunter: Hunter, slow_server: str, further: tuple[str, ...]
) -> None:
    (hunter.folder / "liste.txt").write_text("".join(f"f{n:07}.example\n" for n in range(100)), encoding="utf-8")
    process = hunter.start("scan", "-f", "liste.txt", *further, "--server", slow_server)
    _wait_for_the_living(process)
    asked_at = monotonic()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    assert monotonic() - asked_at < 1.0 + PATIENCE
    assert process.returncode == 130
    found = re.search(r"Durduruldu\. Biten alan adı: (\d+)\.", errors.decode())
    assert found is not None
    finished = int(found[1])
    assert 0 < finished < 100
    assert len(output.decode().splitlines()) == finished + (0 if further else 1)


def _wait_for_the_living(process: "subprocess.Popen[bytes]") -> None:
    """Return when the scan has had time to finish the names that are answered, long before the dead ones."""
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=3)


def test_a_reader_that_goes_away_ends_the_scan_without_a_word(hunter: Hunter, demo_server: str) -> None:
    lines = "".join(f"f{number}.example\n" for number in range(2_000))
    (hunter.folder / "liste.txt").write_text(lines, encoding="utf-8")
    process = hunter.start("scan", "-f", "liste.txt", "--json", "--server", demo_server)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b'{"domain":')
    process.stdout.close()
    assert process.wait(timeout=30) == 141
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


def test_results_come_while_others_are_still_awaited(hunter: Hunter, slow_server: str) -> None:
    (hunter.folder / "liste.txt").write_text("".join(f"f{n:07}.example\n" for n in range(100)), encoding="utf-8")
    process = hunter.start("scan", "-f", "liste.txt", "--json", "--server", slow_server)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert process.poll() is None
    assert json.loads(first)["scan_status"] == "completed"
    process.kill()
    process.communicate()


def on_a_screen(folder: Path, *arguments: str, **variables: str) -> str:
    """Run a command on a terminal of its own and return everything that it wrote there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*arguments), stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**variables), cwd=folder
    )
    os.close(theirs)
    written = b""
    while select.select([ours], [], [], 30)[0]:
        try:
            block = os.read(ours, 65536)
        except OSError:
            break
        if not block:
            break
        written += block
    os.close(ours)
    process.wait()
    return written.decode()


def test_a_screen_gets_colour_unless_it_is_not_wanted(tmp_path: Path, demo_server: str) -> None:
    asked = ("scan", GOOGLE, "--server", demo_server)
    assert "\x1b[1mGoogle Workspace kullanıyor" in on_a_screen(tmp_path, *asked, TERM="xterm")
    assert not re.search(r"\x1b\[\d*m", on_a_screen(tmp_path, *asked, TERM="xterm", NO_COLOR="1"))
    assert "\x1b[" not in on_a_screen(tmp_path, *asked, TERM="dumb")


def test_a_screen_sees_a_live_line_that_is_gone_at_the_end(tmp_path: Path, slow_server: str) -> None:
    names = [f"f{number:07}.example" for number in range(40)]
    written = on_a_screen(tmp_path, "scan", *names, "--server", slow_server, TERM="xterm", NO_COLOR="1", COLUMNS="80")
    assert " / 40 alan adı · saniyede " in written
    assert written.rpartition("alan adı · saniyede")[2].count("\r\x1b[K") >= 1


def test_a_narrow_screen_is_not_overrun(tmp_path: Path, demo_server: str) -> None:
    asked = ("scan", GOOGLE, MICROSOFT, "--server", demo_server)
    written = on_a_screen(tmp_path, *asked, TERM="xterm", NO_COLOR="1", COLUMNS="48")
    lines = written.rpartition("\x1b[K")[2].replace("\r", "").splitlines()
    table = [line for line in lines if ".example" in line or "Skor" in line]
    assert len(table) == 3
    assert max(map(len, table)) <= 48
