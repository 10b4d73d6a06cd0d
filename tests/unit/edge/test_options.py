"""Options become a policy; what cannot be used is refused when the server is built, not when somebody asks."""

import pytest

from hunter.core.errors import InvalidInput
from hunter.edge.options import EdgeOptions


def options(**changes: object) -> EdgeOptions:
    values: dict[str, object] = {"admin_token": "t", "secret_key": b"k" * 16, **changes}
    # The values are those of the fields, whichever a test names.
    return EdgeOptions(**values)  # type: ignore[arg-type]


def test_bound_and_public_names_are_allowed() -> None:
    policy = options(bound_host="192.168.1.5", public_url="https://hunter.firma.example:8443/x").access_policy()
    assert policy.allowed_hosts == {"localhost", "127.0.0.1", "::1", "192.168.1.5", "hunter.firma.example"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_bound_to_all_addresses_no_further_name_is_allowed(host: str) -> None:
    assert options(bound_host=host).access_policy().allowed_hosts == {"localhost", "127.0.0.1", "::1"}


@pytest.mark.parametrize("url", ["hunter.firma.example", "ftp://hunter.firma.example", "https://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="is no address"):
        options(public_url=url).access_policy()


def test_cookies_are_for_tls_where_the_public_address_is() -> None:
    assert options(public_url="https://hunter.firma.example").is_public_url_secure
    assert not options(public_url="http://hunter.firma.example").is_public_url_secure
    assert not options().is_public_url_secure


def test_keys_are_not_shown() -> None:
    shown = repr(options(admin_token="the token", secret_key=b"the key of the house"))
    assert "the token" not in shown
    assert "the key" not in shown
