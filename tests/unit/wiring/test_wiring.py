"""Wiring: which servers are asked how fast, how a server is written, and where catalogues are found."""

import sys
from pathlib import Path

import pytest

from hunter.core.errors import InvalidInput, Unavailable
from hunter.settings.fields import Settings
from hunter.wiring import process
from hunter.wiring.process import LOCALE_FOLDERS, load_catalogue, settings_in_effect
from hunter.wiring.survey import plan_questions, server_address
from scripts.compile_catalogues import compile_catalogue
from scripts.environment import catalogues, compiled, homes
from tests.support.house import ROOT


def test_public_servers_of_the_settings_are_asked_within_both_limits() -> None:
    plan = plan_questions(Settings())
    assert plan.analyses_per_second == 10.0
    first = plan.upstreams[0]
    assert (first.host, first.port, first.questions_per_second) == ("8.8.8.8", 53, 500.0)
    assert all(one.randomises_case for one in plan.upstreams)


def test_private_and_loopback_servers_are_asked_without_limit() -> None:
    plan = plan_questions(Settings(dns_servers=("10.0.0.53", "127.0.0.1:5300", "[::1]:5300")))
    assert plan.analyses_per_second == 0.0
    assert {one.questions_per_second for one in plan.upstreams} == {0.0}
    assert not any(one.randomises_case for one in plan.upstreams)


def test_one_public_server_among_private_ones_sets_the_pace() -> None:
    plan = plan_questions(Settings(dns_servers=("10.0.0.53", "9.9.9.9")))
    assert plan.analyses_per_second == 10.0
    assert [one.questions_per_second for one in plan.upstreams] == [0.0, 500.0]


def test_a_named_server_has_no_pace_of_analyses_and_a_public_one_keeps_its_ceiling() -> None:
    plan = plan_questions(Settings(), ["9.9.9.9", "localhost:5300"])
    assert plan.analyses_per_second == 0.0
    assert [(one.host, one.port, one.questions_per_second) for one in plan.upstreams] == [
        ("9.9.9.9", 53, 500.0),
        ("localhost", 5300, 0.0),
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        (" 192.0.2.1:5353 ", ("192.0.2.1", 5353)),
        ("dns.firma.example", ("dns.firma.example", 53)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
    ],
)
def test_a_server_may_be_written_with_and_without_a_port(text: str, address: tuple[str, int]) -> None:
    assert server_address(text) == address


@pytest.mark.parametrize("text", ["", ":53", "192.0.2.1:0", "192.0.2.1:65536", "a:b", "a:-1", "[::1]53", "a b"])
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="server"):
        server_address(text)


def test_missing_catalogues_are_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOCALE_FOLDERS", (Path("no-such-folder"), Path("nor-this-one")))
    with pytest.raises(Unavailable, match=r"nor-this-one.*\./hunter"):
        load_catalogue("tr")


def test_catalogues_of_the_environment_win_over_those_beside_their_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment, beside = (_folder_that_says(tmp_path / name, name) for name in ("environment", "beside"))
    monkeypatch.setattr(process, "LOCALE_FOLDERS", (environment, beside))
    assert load_catalogue("tr").gettext("brief.findings") == "environment"
    (environment / "tr" / "LC_MESSAGES" / "hunter.mo").unlink()
    assert load_catalogue("tr").gettext("brief.findings") == "beside"


def test_catalogues_are_looked_for_where_the_launcher_puts_them() -> None:
    for environment, folder in zip(reversed(homes(ROOT)), LOCALE_FOLDERS, strict=True):
        expected = {compiled(environment, source).parents[2] for source in catalogues(environment)}
        assert expected == {Path(str(folder).replace(sys.prefix, str(environment.folder)))}


def _folder_that_says(folder: Path, words: str) -> Path:
    """Make a folder of catalogues with one phrase."""
    source = folder / "hunter.po"
    folder.mkdir()
    source.write_text(f'msgid ""\nmsgstr ""\n\nmsgid "brief.findings"\nmsgstr "{words}"\n', encoding="utf-8")
    compile_catalogue(source, folder / "tr" / "LC_MESSAGES" / "hunter.mo")
    return folder


def test_settings_in_effect_are_those_that_somebody_chose_and_never_show_a_secret() -> None:
    settings = Settings(api_port=8123, admin_token="hidden", allowed_hosts=("hunter.firma.example",))
    assert settings_in_effect(settings) == {
        "api_port": "8123",
        "admin_token": "set",
        "allowed_hosts": "('hunter.firma.example',)",
    }
