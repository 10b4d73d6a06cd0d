"""The rulebook as a whole: versions, promises across files, names that are no company."""

from typing import Any

import pytest

from hunter.core.errors import RulebookError
from hunter.core.rulebook import RULE_FILES
from tests.support.rulebooks import rebuilt, rule_files, shipped_rulebook


def changed(file: str, *path: str | int, to: Any) -> dict[str, object]:
    files = rule_files()
    place: Any = files[file]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return files


def refusal(files: dict[str, object]) -> str:
    with pytest.raises(RulebookError) as caught:
        rebuilt(files)
    return str(caught.value)


def test_the_version_tells_the_numbers_the_signatures_and_the_networks() -> None:
    rebuilt_with_networks = rebuilt(changed("networks.json", "version", to="7"))

    assert shipped_rulebook().version == f"1-{shipped_rulebook().signatures.version}.1"
    assert rebuilt_with_networks.version == f"1-{shipped_rulebook().signatures.version}.7"


def test_all_judgement_files_bear_one_version() -> None:
    files = changed("priority.json", "version", to="2")

    assert refusal(files) == 'priority.json: version: is "2", but scoring.json: version is "1"'


def test_a_version_that_the_stored_column_cannot_hold_is_refused() -> None:
    files = rule_files()
    for content in files.values():
        assert isinstance(content, dict)
        content["version"] = "2026-03-02-evening-edition"

    assert "which is longer than 20 characters" in refusal(files)


@pytest.mark.parametrize("file", RULE_FILES)
def test_a_file_that_is_no_object_is_refused_by_name(file: str) -> None:
    files = {**rule_files(), file: [1]}

    assert refusal(files) == f"{file}: must be an object, not [1]"


@pytest.mark.parametrize("file", RULE_FILES)
def test_an_unknown_key_is_refused_in_every_file(file: str) -> None:
    assert refusal(changed(file, "abuot", to="")) == f'{file}: unknown key "abuot"'


def test_an_error_carries_the_rule_and_the_problem() -> None:
    with pytest.raises(RulebookError) as caught:
        rebuilt(changed("segments.json", "segments", "rules", 1, "when", "provider", 0, to="Googel"))

    assert caught.value.rule == "segments.json: segments.rules[1].when.provider[0]"
    assert caught.value.problem.startswith('unknown name "Googel"')


def test_a_better_signal_must_not_lower_the_score() -> None:
    files = changed("scoring.json", "signals", 3, "points", to=14)

    assert refusal(files) == ("scoring.json: M365: absent/absent/quarantine to absent/absent/reject lowers the score")


def test_a_higher_score_must_not_give_a_worse_segment() -> None:
    files = changed("segments.json", "segments", "rules", 4, "segment", to="Migration")

    assert refusal(files) == "segments.json: Google: score 40 gives a worse segment than 39"


def test_a_higher_score_must_not_be_called_later() -> None:
    files = changed("priority.json", "priority", "rules", 0, "priority", to=3)

    assert refusal(files) == "priority.json: Google: score 80 is called later than 79"


def test_personal_mail_is_known_by_its_whole_name_only() -> None:
    assert shipped_rulebook().is_free_mail("gmail.com")
    assert not shipped_rulebook().is_free_mail("firma.gmail.com")
    assert not shipped_rulebook().is_free_mail("notgmail.com")


@pytest.mark.parametrize("domain", ["instagram.com", "firma.wixsite.com", "a.b.blogspot.com"])
def test_shared_hosts_are_known_with_all_names_below(domain: str) -> None:
    assert shipped_rulebook().is_shared_host(domain)


@pytest.mark.parametrize("domain", ["com", "myinstagram.com", "x.com.tr", "firma.example"])
def test_a_longer_label_is_no_shared_host(domain: str) -> None:
    assert not shipped_rulebook().is_shared_host(domain)


@pytest.mark.parametrize("entry", ["Gmail.com", "gmail", "gmail.com.", "@gmail.com", "mail gmail.com"])
def test_a_list_holds_canonical_names_only(entry: str) -> None:
    assert refusal(changed("free_mail.json", "free_mail", 0, to=entry)).startswith("free_mail.json: free_mail[0]: ")


def test_a_name_that_stands_there_twice_is_refused() -> None:
    files = changed("free_mail.json", "shared_hosts", 1, to="facebook.com")

    assert refusal(files) == 'free_mail.json: shared_hosts[1]: "facebook.com" stands there twice'
