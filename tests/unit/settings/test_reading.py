"""Settings: defaults, the environment over `.env`, and errors that name the variable."""

from pathlib import Path

import pytest

from hunter.settings.reading import SettingError, describe_settings, load_settings, parse_dotenv, read_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = read_settings({})
    assert settings.language == "tr"
    assert settings.dns_servers == ("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1")
    assert (settings.dns_rate_per_second, settings.dns_private_rate_per_second) == (10.0, 0.0)
    assert settings.dns_upstream_questions_per_second == 500.0
    assert (settings.no_color, settings.term) == (False, "")


def test_names_are_read_without_regard_to_case_and_unknown_ones_are_ignored() -> None:
    settings = read_settings({"hunter_language": "EN", "HUNTER_NO_SUCH_SETTING": "1", "LANGUAGE": "de"})
    assert settings.language == "en"


def test_servers_are_separated_by_commas() -> None:
    assert read_settings({"HUNTER_DNS_SERVERS": " 192.0.2.1 ,[2001:db8::1]:5353,"}).dns_servers == (
        "192.0.2.1",
        "[2001:db8::1]:5353",
    )


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({"HUNTER_LANGUAGE": " ", "NO_COLOR": ""}) == read_settings({})


def test_any_text_in_no_color_counts() -> None:
    assert read_settings({"NO_COLOR": "0"}).no_color


def test_the_environment_wins_over_the_file() -> None:
    dotenv = "HUNTER_LANGUAGE=en\nHUNTER_DNS_RATE_PER_SECOND=3"
    settings = read_settings({"HUNTER_LANGUAGE": "tr"}, dotenv)
    assert (settings.language, settings.dns_rate_per_second) == ("tr", 3.0)


def test_a_file_may_hold_comments_export_and_quotes() -> None:
    text = "# HUNTER_A=1\n\nexport HUNTER_B = 'x y'\nHUNTER_C=\"z\"\nnonsense\nhunter_d=1=2\n"
    assert parse_dotenv(text) == {"HUNTER_B": "x y", "HUNTER_C": "z", "HUNTER_D": "1=2"}


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("HUNTER_LANGUAGE", "de"),
        ("HUNTER_DNS_SERVERS", ","),
        ("HUNTER_DNS_RATE_PER_SECOND", "fast"),
        ("HUNTER_DNS_RATE_PER_SECOND", "-1"),
        ("HUNTER_DNS_PRIVATE_RATE_PER_SECOND", "nan"),
        ("HUNTER_DNS_UPSTREAM_QUESTIONS_PER_SECOND", "inf"),
        ("HUNTER_DB_POOL_SIZE", "0"),
        ("HUNTER_READ_TIMEOUT_MS", "0"),
        ("HUNTER_KEEP_RAW_LEADS_DAYS", "1000000000"),
        ("HUNTER_KEEP_HISTORY_DAYS", "-1"),
        ("HUNTER_IDEMPOTENCY_HOURS", "9" * 5000),
        ("HUNTER_API_PORT", "65536"),
        ("HUNTER_ALLOWED_NETWORKS", "10.0.0.0/8,abc"),
        ("HUNTER_ALLOWED_NETWORKS", "10.0.0.1/8"),
        ("HUNTER_TRUSTED_PROXIES", "proxy.example"),
        ("HUNTER_IDENTITY_HEADER", "bad header:"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(variable: str, text: str) -> None:
    with pytest.raises(SettingError, match=variable):
        read_settings({variable: text})


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("HUNTER_SECRET_KEY", "kurz-5e2a"),
        ("HUNTER_SENTRY_DSN", "kotu"),
        ("HUNTER_SENTRY_DSN", "https://a@b.example/x"),
        ("HUNTER_DATABASE_URL", "mysql://ayse:kurz-5e2a@db.example/hunter"),
        ("HUNTER_DATABASE_URL", "postgresql://ayse:kurz-5e2a@db.example:bes/hunter"),
        ("HUNTER_REDIS_URL", "http://ayse:kurz-5e2a@redis.example"),
    ],
)
def test_a_secret_that_cannot_be_used_is_refused_without_being_shown(variable: str, text: str) -> None:
    with pytest.raises(SettingError, match=variable) as raised:
        read_settings({variable: text})
    assert text not in str(raised.value)
    assert raised.value.__cause__ is None


def test_an_address_for_error_reports_is_taken() -> None:
    dsn = "https://0123456789abcdef@reports.example/17"
    assert read_settings({"HUNTER_SENTRY_DSN": dsn}).sentry_dsn == dsn


@pytest.mark.parametrize("variable", ["HUNTER_SUPPORT_CONTACT", "HUNTER_DATA_DIR", "HUNTER_DATABASE_URL", "TERM"])
def test_bytes_that_are_no_text_are_refused_by_name(variable: str) -> None:
    with pytest.raises(SettingError, match=f"{variable} is not written in UTF-8"):
        read_settings({variable: "/tmp/x\udcff"})


def test_a_missing_file_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNTER_LANGUAGE", "en")
    assert load_settings(Path("no-such-folder") / ".env").language == "en"


def test_every_setting_is_described() -> None:
    lines = describe_settings()
    assert [line.variable for line in lines if not line.meaning.endswith(".")] == []
    assert len({line.variable for line in lines}) == len(lines) >= 7
