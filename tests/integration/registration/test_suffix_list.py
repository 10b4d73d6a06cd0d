"""Renewing the public suffix list over a real socket, and going by it."""

from pathlib import Path

import pytest
from publicsuffixlist import PSLFILE

from hunter.collectors.registration.suffix_list import SUFFIX_FILE, refresh_suffixes, renewed_suffixes
from hunter.core.errors import InvalidInput
from hunter.core.names.public_suffix import shipped_suffixes
from hunter.lab.registry.registrations import RegistryWorld
from hunter.lab.registry.running import start_registry
from hunter.outbound.guard import Guard
from hunter.outbound.targets import parse_targets
from hunter.settings.fields import Settings
from hunter.wiring.survey import load_rules


def published(year: int, *more: str) -> bytes:
    text = Path(PSLFILE).read_text(encoding="utf-8")
    version = text.split("// VERSION: ")[1].split("\n")[0]
    rules = "".join(f"{rule}\n" for rule in more)
    text = text.replace(version, f"{year}-01-01_00-00-00_UTC")
    return text.replace("// ===END ICANN DOMAINS===", f"{rules}// ===END ICANN DOMAINS===").encode()


async def renewed(content: bytes, folder: Path) -> bool:
    with start_registry(RegistryWorld(bootstrap=content)) as server:
        guard = Guard(parse_targets([f"127.0.0.1:{server.ports.rdap}"]))
        return (await refresh_suffixes(folder, guard, address=f"{server.rdap_base}/dns.json")).is_newer


async def test_a_newer_list_is_kept_and_gone_by(tmp_path: Path) -> None:
    assert await renewed(published(2099, "yeni.example"), tmp_path)
    settings = Settings(data_dir=tmp_path)
    judged_by = load_rules(settings, warn=pytest.fail).signatures.suffixes.registrable_domain
    assert judged_by("www.firma.yeni.example") == "firma.yeni.example"
    assert judged_by("www.firma.com.tr") == "firma.com.tr"
    # Whoever goes by the package's list is not touched.
    assert shipped_suffixes().registrable_domain("www.firma.yeni.example") == "yeni.example"


def test_a_damaged_copy_is_told_and_the_package_s_list_goes_on(tmp_path: Path) -> None:
    (tmp_path / SUFFIX_FILE).write_text("com\n", encoding="utf-8")
    told: list[str] = []
    rules = load_rules(Settings(data_dir=tmp_path), told.append)
    assert rules.signatures.suffixes is shipped_suffixes()
    assert len(told) == 1
    assert SUFFIX_FILE in told[0]


async def test_an_older_list_changes_nothing(tmp_path: Path) -> None:
    assert not await renewed(published(2001), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert renewed_suffixes(tmp_path) is None


@pytest.mark.parametrize("content", [b"<html></html>", published(2099)[:20_000]])
async def test_half_a_list_leaves_what_was_there(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SUFFIX_FILE).write_bytes(published(2098))
    with pytest.raises(InvalidInput, match="is no whole public suffix list"):
        await renewed(content, tmp_path)
    assert (tmp_path / SUFFIX_FILE).read_bytes() == published(2098)


def test_a_damaged_copy_is_named(tmp_path: Path) -> None:
    (tmp_path / SUFFIX_FILE).write_text("com\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=SUFFIX_FILE):
        renewed_suffixes(tmp_path)


@pytest.mark.parametrize("damaged", [b"com\n", b"", published(2099)[:20_000]], ids=range(3))
async def test_a_damaged_copy_is_replaced(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / SUFFIX_FILE).write_bytes(damaged)
    assert await renewed(published(2001), tmp_path)
    assert (tmp_path / SUFFIX_FILE).read_bytes() == published(2001)
    assert renewed_suffixes(tmp_path) is None
