"""What may stand in the project: no file that tells where packages came from, nothing of others, no machine's paths."""

import hashlib
import os
import re

import pytest

from tests.support.house import ROOT, files, read

LARGEST_BYTES = 1_000_000
LOCK_FILE = re.compile(r"(^|/)((uv|poetry|pdm|Pipfile|yarn)\.lock|pylock[^/]*\.toml|package-lock\.json)$")
OF_OTHERS = re.compile(
    r"(^|/)(vendor|vendored|third_party|node_modules|site-packages)/"
    r"|\.min\.(js|css)$|\.(whl|egg|jar|so|dll|dylib|exe|pyc|mo|woff2?|ttf|otf|mmdb|sqlite3?)$"
)
MACHINE_PATH = re.compile(r"(?<![\w./~$}>*-])/(?:work|root|home|Users|farm)/|/tmp/(?:dev)\b")
INDEX_HOST = re.compile(r"pypi\.org|python(?:hosted)\.|registry\.(?:npmjs)|(?:deb)\.debian\.org|crates\.(?:io)\b", re.I)
WORD = re.compile(r"[a-z]+")
# The project speaks of its subject. As digests, so that this list does not break its own rule.
WORDS_OF_THE_DESK = frozenset(
    {
        "c857d09db23e6822",
        "c70eca6b0f88f44d",
        "7d3194f79e645c42",
        "60965168ce762e94",
        "053ea4804ef1bb33",
        "487b91042c7cf27a",
        "de2187af3fb01170",
        "94a168d2da574b00",
        "d298391b07433318",
    }
)
EXECUTABLE = {"hunter", ".ci/run"}
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:|#)([^)#\s]+)[^)]*\)")


def texts() -> list[tuple[str, str]]:
    """All files that are text, with their content."""
    return [(name, text) for name in files() if (text := read(name)) is not None]


def found(pattern: re.Pattern[str], text: str) -> list[str]:
    """Each line that matches, with its number."""
    return [f"{number}: {line.strip()}" for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def words_among(digests: frozenset[str], text: str) -> set[str]:
    """The words of the text whose digest is in the set."""
    words = set(WORD.findall(text.lower()))
    return {word for word in words if digest(word) in digests}


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:16]


def test_no_lock_file_is_kept() -> None:
    assert [name for name in files() if LOCK_FILE.search(name)] == []


def test_nothing_of_others_is_kept() -> None:
    assert [name for name in files() if OF_OTHERS.search(name)] == []


def test_no_file_is_large() -> None:
    assert [name for name in files() if (ROOT / name).stat().st_size > LARGEST_BYTES] == []


def test_no_path_of_a_machine_is_written_down() -> None:
    assert [f"{name}:{line}" for name, text in texts() for line in found(MACHINE_PATH, text)] == []


def test_no_package_index_is_named() -> None:
    assert [f"{name}:{line}" for name, text in texts() for line in found(INDEX_HOST, text)] == []


def test_the_project_speaks_of_its_subject_only() -> None:
    assert {name: words for name, text in texts() if (words := words_among(WORDS_OF_THE_DESK, text))} == {}


def test_text_files_end_their_lines_alike() -> None:
    # Read as bytes: text mode would turn the other endings into ours.
    unlike = [name for name, text in texts() if b"\r" in (ROOT / name).read_bytes() or text[-1:] not in {"\n", ""}]
    assert unlike == []


def test_what_is_started_by_name_can_be_started() -> None:
    assert {name for name in EXECUTABLE if os.access(ROOT / name, os.X_OK)} == EXECUTABLE


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{name}: {target}"
        for name, text in texts()
        if name.endswith(".md")
        for target in LINK.findall(text)
        if not ((ROOT / name).parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (LOCK_FILE, "uv" + ".lock"),
        (LOCK_FILE, "web/package-lock" + ".json"),
        (OF_OTHERS, "src/hunter/web/static/htmx.min.js"),
        (OF_OTHERS, "vendor/list.txt"),
        (OF_OTHERS, "src/hunter/locale/tr/LC_MESSAGES/hunter.mo"),
        (MACHINE_PATH, "see " + "/root" + "/notes"),
        (MACHINE_PATH, "PATH=" + "/home" + "/ayse/bin"),
        (INDEX_HOST, "https://" + "pypi" + ".org/simple"),
        (LINK, "[the house](docs/architecture.md)"),
    ],
)
def test_the_pattern_finds_what_it_is_for(pattern: re.Pattern[str], line: str) -> None:
    assert found(pattern, f"first\n{line}\n") == [f"2: {line}"]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (LOCK_FILE, "scripts/locking.py"),
        (OF_OTHERS, "src/hunter/vendors.py"),
        (MACHINE_PATH, "https://example.com/home/page"),
        (MACHINE_PATH, "docs/work/plan.md"),
        (LINK, "[the standard](https://example.com/rfc)"),
        (LINK, "[above](#the-walk)"),
    ],
)
def test_the_pattern_leaves_the_rest_alone(pattern: re.Pattern[str], line: str) -> None:
    assert found(pattern, line) == []


def test_a_word_is_found_by_its_digest() -> None:
    assert words_among(frozenset({digest("lorem")}), "A filler: Lorem, ipsum.") == {"lorem"}
