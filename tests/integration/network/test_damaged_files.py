"""A missing, foreign or damaged file is a warning that names it; the others go on."""

from datetime import date
from pathlib import Path
from shutil import copy

import pytest

from hunter.collectors.network.address_file import AddressFile, FileState
from hunter.collectors.network.databases import AddressDatabases
from hunter.lab.networks.address_files import BUILT_ON
from tests.integration.network.conftest import WrittenFiles

TODAY = date(2026, 3, 2)


def with_file(written: WrittenFiles, file: AddressFile, path: Path) -> AddressDatabases:
    return AddressDatabases({**written.paths, file: path})


def state_of(databases: AddressDatabases, file: AddressFile) -> FileState:
    return next(line.state for line in databases.status(TODAY) if line.file is file)


def test_the_status_says_what_is_loaded_and_how_old_it_is(written: WrittenFiles) -> None:
    lines = written.open(AddressFile.MAXMIND_ASN, AddressFile.IP2LOCATION).status(TODAY)

    assert [(line.file.value, line.state.value, line.age_days) for line in lines] == [
        ("maxmind_asn", "loaded", 13),
        ("maxmind_city", "not_set", None),
        ("maxmind_country", "not_set", None),
        ("ip2location", "loaded", 13),
        ("ip2proxy", "not_set", None),
    ]
    editions = [line.content.edition for line in lines if line.content is not None]
    assert editions == ["GeoLite2-ASN", "IP2Location DB24"]
    assert all(line.content.built_on == BUILT_ON for line in lines if line.content is not None)
    assert lines[0].path == str(written.paths[AddressFile.MAXMIND_ASN])


@pytest.mark.parametrize("file", AddressFile)
def test_a_missing_file_is_named_and_the_rest_works(written: WrittenFiles, tmp_path: Path, file: AddressFile) -> None:
    databases = with_file(written, file, tmp_path / "not-there.mmdb")

    assert databases.warnings() == (f"{file.value}: not-there.mmdb: is not there",)
    assert state_of(databases, file) is FileState.MISSING
    assert databases.facts(str(written.networks[0].network[1])) is not None


@pytest.mark.parametrize("file", AddressFile)
@pytest.mark.parametrize("content", [b"", b"\0" * 100_000, b"<html>Sign in</html>", b"PK\x03\x04" + bytes(5000)])
def test_a_file_of_something_else_is_named_and_the_rest_works(
    written: WrittenFiles, tmp_path: Path, file: AddressFile, content: bytes
) -> None:
    path = tmp_path / "download.bin"
    path.write_bytes(content)
    databases = with_file(written, file, path)

    assert len(databases.warnings()) == 1
    assert "download.bin" in databases.warnings()[0]
    assert state_of(databases, file) in (FileState.DAMAGED, FileState.WRONG_KIND)
    assert databases.facts(str(written.networks[0].network[1])) is not None


@pytest.mark.parametrize("file", AddressFile)
def test_a_folder_in_the_place_of_a_file_is_missing(written: WrittenFiles, tmp_path: Path, file: AddressFile) -> None:
    assert state_of(with_file(written, file, tmp_path), file) is FileState.MISSING


@pytest.mark.parametrize("file", AddressFile)
def test_a_file_cut_short_is_found_when_it_is_opened(written: WrittenFiles, tmp_path: Path, file: AddressFile) -> None:
    whole = written.paths[file].read_bytes()
    path = tmp_path / "half"
    # The texts of a BIN file stand at its end: half a file lacks rows.
    path.write_bytes(whole[: len(whole) // 2])
    databases = with_file(written, file, path)

    assert state_of(databases, file) is FileState.DAMAGED
    assert databases.facts(str(written.networks[0].network[1])) is not None


@pytest.mark.parametrize(
    ("setting", "given"),
    [
        (AddressFile.MAXMIND_ASN, AddressFile.MAXMIND_CITY),
        (AddressFile.MAXMIND_CITY, AddressFile.MAXMIND_ASN),
        (AddressFile.MAXMIND_COUNTRY, AddressFile.MAXMIND_ASN),
        (AddressFile.IP2LOCATION, AddressFile.IP2PROXY),
        (AddressFile.IP2PROXY, AddressFile.IP2LOCATION),
    ],
)
def test_a_whole_file_in_the_wrong_place_is_of_the_wrong_kind(
    written: WrittenFiles, setting: AddressFile, given: AddressFile
) -> None:
    databases = with_file(written, setting, written.paths[given])

    assert state_of(databases, setting) is FileState.WRONG_KIND
    assert written.paths[given].name in databases.warnings()[0]


def test_a_city_file_serves_where_countries_are_wanted(written: WrittenFiles) -> None:
    databases = AddressDatabases({AddressFile.MAXMIND_COUNTRY: written.paths[AddressFile.MAXMIND_CITY]})
    facts = databases.facts(str(written.networks[0].network[1]))

    assert facts is not None
    assert (facts.country, facts.city) == (written.networks[0].country, None)


def test_a_bin_file_whose_texts_are_gone_is_put_aside_when_it_is_read(written: WrittenFiles, tmp_path: Path) -> None:
    path = tmp_path / "texts-gone.BIN"
    # The rows are whole, and many of the texts they point to are missing.
    path.write_bytes(written.paths[AddressFile.IP2LOCATION].read_bytes()[:-40_000])
    databases = with_file(written, AddressFile.IP2LOCATION, path)
    assert databases.warnings() == ()
    facts = [databases.facts(address) for address, _ in written.sample(500)]

    assert all(one is not None and one.asn is not None for one in facts)
    assert state_of(databases, AddressFile.IP2LOCATION) is FileState.DAMAGED
    assert databases.warnings()[0].startswith("ip2location: texts-gone.BIN: is damaged inside")


def test_a_maxmind_file_with_broken_data_is_put_aside_when_it_is_read(written: WrittenFiles, tmp_path: Path) -> None:
    path = tmp_path / "broken.mmdb"
    copy(written.paths[AddressFile.MAXMIND_ASN], path)
    content = bytearray(path.read_bytes())
    mark = content.rindex(b"\xab\xcd\xefMaxMind.com")
    content[mark - 150_000 : mark] = b"\xff" * 150_000
    path.write_bytes(content)
    databases = with_file(written, AddressFile.MAXMIND_ASN, path)
    facts = [databases.facts(address) for address, _ in written.sample(500)]

    assert all(one is not None and one.country is not None for one in facts)
    assert state_of(databases, AddressFile.MAXMIND_ASN) is FileState.DAMAGED
    assert databases.warnings()[0].startswith("maxmind_asn: broken.mmdb: is damaged inside")


def test_without_any_file_nothing_is_known_and_nothing_is_wrong() -> None:
    databases = AddressDatabases({})

    assert databases.is_empty
    assert databases.warnings() == ()
    assert databases.facts("203.0.113.7") is None
    assert {line.state for line in databases.status(TODAY)} == {FileState.NOT_SET}
