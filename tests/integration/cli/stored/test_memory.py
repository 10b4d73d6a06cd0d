"""What `hunter scan` remembers: it stores, compares with the scan before, and answers a fresh name from memory."""

import json
from pathlib import Path

from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from tests.integration.cli.stored.conftest import Commands, Database, world
from tests.integration.servers.watching import processes_of
from tests.support.postgres import data_folder

GOOGLE, MICROSOFT, NO_MAIL = "pervane-yazilim.example", "anadolu-rulman.example", "eskikuyu-emlak.example"
MOVING = "tasinan.example"
_SPF = {"TXT": ('"v=spf1 include:_spf.google.com -all"',)}
BEFORE = {MOVING: {"MX": ("1 aspmx.l.google.com.",), **_SPF}}
AFTER = {MOVING: {"MX": ("0 tasinan-example.mail.protection.outlook.com.",), **_SPF}}
#: Nobody listens there.
NOWHERE = "postgresql://hunter@127.0.0.1:1/hunter"
IS_FROM_MEMORY = "Son tarama 0 dakika önce yapıldı, yanıt kayıttan. Yenilemek için: --fresh"


def test_a_scan_is_a_row_of_the_leads(hunter: Commands, database: Database, demo_server: str) -> None:
    result = hunter("scan", GOOGLE, "--server", demo_server)
    assert (result.code, result.errors) == (0, "")
    assert database.rows("select domain, provider, segment, readiness_score, priority_score from leads") == [
        (GOOGLE, "Google", "Migration", 90, 1)
    ]
    (evidence,) = database.rows("select domain, evidence -> 'mail' -> 'mx' from evidence")
    assert evidence[0] == GOOGLE
    assert "aspmx.l.google.com" in json.dumps(evidence[1])


def test_what_is_shown_is_what_is_shown_without_storing(hunter: Commands, demo_server: str) -> None:
    unsaved = hunter("scan", GOOGLE, "--no-save", "--server", demo_server)
    assert hunter("scan", GOOGLE, "--server", demo_server) == unsaved


def test_a_first_scan_has_no_changes(hunter: Commands, demo_server: str) -> None:
    found = json.loads(hunter("scan", GOOGLE, "--json", "--server", demo_server).output)
    assert (found["changes"], found["cached"]) == ([], False)


def test_the_brief_says_what_changed_since_the_last_scan(hunter: Commands, database: Database) -> None:
    with world(BEFORE) as server:
        assert "Son taramadan bu yana" not in hunter("scan", MOVING, "--server", server).output
    with world(AFTER) as server:
        result = hunter("scan", MOVING, "--fresh", "--server", server)
    lines = result.output.splitlines()
    changes = lines[lines.index("Son taramadan bu yana") + 1 :]
    assert changes == [
        "  ~ MX: google.com yerine outlook.com",
        "  ~ sağlayıcı: Google yerine M365",
        "  ~ öncelik: 7 yerine 6",
    ]
    assert database.rows("select provider, priority_score from leads") == [("M365", 6)]
    history = "select previous_provider, new_provider from provider_change_history"
    assert database.rows(history) == [("Google", "M365")]


def test_what_has_come_or_gone_is_said_in_words(hunter: Commands) -> None:
    mail = {"MX": BEFORE[MOVING]["MX"]}
    with world({MOVING: {**mail, "TXT": ('"v=spf1 mx -all"',)}}) as server:
        hunter("scan", MOVING, "--server", server)
    with world({MOVING: mail}) as server:
        result = hunter("scan", MOVING, "--fresh", "--server", server)
    assert "  ~ SPF: var yerine yok" in result.output.splitlines()


def test_json_names_every_change(hunter: Commands) -> None:
    with world(BEFORE) as server:
        hunter("scan", MOVING, "--server", server)
    with world(AFTER) as server:
        found = json.loads(hunter("scan", MOVING, "--fresh", "--json", "--server", server).output)
    assert {"kind": "provider_changed", "old": "Google", "new": "M365"} in found["changes"]
    assert found["provider"] == "M365"


def test_a_second_look_at_the_same_has_no_changes(hunter: Commands, database: Database) -> None:
    with world(BEFORE) as server:
        hunter("scan", MOVING, "--server", server)
        found = json.loads(hunter("scan", MOVING, "--fresh", "--json", "--server", server).output)
    assert found["changes"] == []
    assert database.rows("select count(*) from evidence") == [(2,)]


def test_a_fresh_name_is_answered_from_memory_and_says_so(
    hunter: Commands, demo_server: str, closed_server: str
) -> None:
    seen = hunter("scan", GOOGLE, "--server", demo_server)
    remembered = hunter("scan", f"https://www.{GOOGLE}/iletisim", HUNTER_DNS_SERVERS=closed_server)
    assert (remembered.code, remembered.errors) == (0, "")
    assert remembered.output == f"{seen.output}\n{IS_FROM_MEMORY}\n"
    found = json.loads(hunter("scan", GOOGLE, "--json", HUNTER_DNS_SERVERS=closed_server).output)
    assert (found["cached"], found["score"]) == (True, 90)


def test_memory_is_no_answer_to_what_was_not_asked(hunter: Commands, demo_server: str) -> None:
    assert hunter("scan", GOOGLE, "--no-registration", "--server", demo_server).code == 0
    again = hunter("scan", GOOGLE, "--no-registration", "--json", HUNTER_DNS_SERVERS=demo_server)
    assert json.loads(again.output)["cached"]
    asked = json.loads(hunter("scan", GOOGLE, "--json", HUNTER_DNS_SERVERS=demo_server).output)
    assert (asked["cached"], asked["whois_status"]) == (False, "failed")
    assert json.loads(hunter("scan", GOOGLE, "--json", HUNTER_DNS_SERVERS=demo_server).output)["cached"]


def test_a_server_that_is_named_is_asked(hunter: Commands, demo_server: str, closed_server: str) -> None:
    assert hunter("scan", GOOGLE, "--server", demo_server).code == 0
    again = hunter("scan", GOOGLE, "--json", "--server", closed_server)
    assert (again.code, json.loads(again.output)["cached"]) == (1, False)


def test_fresh_looks_again(hunter: Commands) -> None:
    with world(BEFORE) as server:
        hunter("scan", MOVING, "--server", server)
    with world(AFTER) as server:
        remembered = hunter("scan", MOVING, "--json", HUNTER_DNS_SERVERS=server)
        assert json.loads(remembered.output)["provider"] == "Google"
        found = json.loads(hunter("scan", MOVING, "--fresh", "--json", HUNTER_DNS_SERVERS=server).output)
    assert (found["provider"], found["cached"]) == ("M365", False)


def test_a_scan_older_than_the_setting_is_no_answer(hunter: Commands, demo_server: str, closed_server: str) -> None:
    hunter("scan", GOOGLE, "--server", demo_server)
    settings = {"HUNTER_DNS_SERVERS": closed_server, "HUNTER_SCAN_FRESH_SECONDS": "0"}
    again = hunter("scan", GOOGLE, "--json", **settings)
    assert (again.code, json.loads(again.output)["cached"]) == (1, False)


def test_a_scan_that_could_not_read_the_mail_is_no_answer(
    hunter: Commands, demo_server: str, closed_server: str
) -> None:
    assert hunter("scan", GOOGLE, "--server", closed_server).code == 1
    found = json.loads(hunter("scan", GOOGLE, "--json", "--server", demo_server).output)
    assert (found["score"], found["cached"]) == (90, False)


def test_a_failed_scan_takes_no_verdict_away(
    hunter: Commands, database: Database, demo_server: str, closed_server: str
) -> None:
    hunter("scan", GOOGLE, "--server", demo_server)
    found = json.loads(hunter("scan", GOOGLE, "--fresh", "--json", "--server", closed_server).output)
    assert (found["score"], found["changes"]) == (None, [])
    assert database.rows("select provider, readiness_score, scan_status from leads") == [("Google", 90, "dns_timeout")]


def test_several_names_are_looked_at_each_time(hunter: Commands, demo_server: str, closed_server: str) -> None:
    asked = ("scan", GOOGLE, MICROSOFT, "--json", "--server")
    assert hunter(*asked, demo_server).code == 0
    again = hunter(*asked, closed_server)
    assert again.code == 1
    assert {json.loads(line)["scan_status"] for line in again.output.splitlines()} == {"dns_timeout"}


def test_no_save_stores_nothing(hunter: Commands, database: Database, demo_server: str) -> None:
    assert hunter("scan", GOOGLE, MICROSOFT, "--no-save", "--server", demo_server).code == 0
    assert database.rows("select count(*) from companies") == [(0,)]


def test_no_save_does_not_answer_from_memory(hunter: Commands, demo_server: str, closed_server: str) -> None:
    hunter("scan", GOOGLE, "--server", demo_server)
    assert hunter("scan", GOOGLE, "--no-save", "--server", closed_server).code == 1


def test_no_save_starts_no_server(hunter: Commands, demo_server: str) -> None:
    with data_folder() as folder:
        own = {"HUNTER_DATABASE_URL": "", "HUNTER_REDIS_URL": "", "HUNTER_DATA_DIR": str(folder)}
        assert hunter("scan", GOOGLE, "--no-save", "--server", demo_server, **own).code == 0
        assert not (folder / "postgresql-18").exists()


def test_without_urls_a_scan_keeps_in_servers_of_its_own_and_stops_them(
    hunter: Commands, demo_server: str, closed_server: str
) -> None:
    with data_folder() as folder:
        own = {"HUNTER_DATABASE_URL": "", "HUNTER_REDIS_URL": "", "HUNTER_DATA_DIR": str(folder)}
        assert hunter("scan", GOOGLE, "--server", demo_server, **own).code == 0
        assert processes_of(folder) == []
        assert IS_FROM_MEMORY in hunter("scan", GOOGLE, **own, HUNTER_DNS_SERVERS=closed_server).output
        assert processes_of(folder) == []


def test_a_list_is_stored_too(hunter: Commands, database: Database, demo_server: str) -> None:
    hunter.write("liste.txt", f"{GOOGLE}\n{MICROSOFT}\n{NO_MAIL}\n")
    result = hunter("scan", "-f", "liste.txt", "--server", demo_server)
    assert (result.code, len(result.output.splitlines())) == (0, 4)
    assert database.domains() == {GOOGLE, MICROSOFT, NO_MAIL}


def test_a_list_longer_than_one_transaction_is_stored_whole(hunter: Commands, database: Database) -> None:
    names = {f"f{number:07}.example" for number in range(450)}
    hunter.write("liste.txt", "".join(f"{name}\n" for name in names))
    with start_name_server(GeneratedWorldSource(450)) as server:
        hunter("scan", "-f", "liste.txt", "--json", "--server", f"{server.host}:{server.port}")
    assert {domain for (domain,) in database.rows("select domain from leads")} == names


def test_the_working_folder_gets_no_file(hunter: Commands, demo_server: str) -> None:
    hunter("scan", GOOGLE, "--server", demo_server)
    assert list(Path(hunter.folder).iterdir()) == []
