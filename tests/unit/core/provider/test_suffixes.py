"""Hosts are recognised by whole labels, and the longest suffix decides."""

from hunter.core.provider.suffixes import HostPattern, SuffixTable

TABLE: SuffixTable[str] = SuffixTable(
    (
        (HostPattern("outlook.com"), "business"),
        (HostPattern("olc.protection.outlook.com"), "consumer"),
        (HostPattern("registrar.example", starts="eforward"), "forwarding"),
        (HostPattern("cloud.example", without=("compute", "elb")), "cloud"),
        (HostPattern("elb.cloud.example"), "balancer"),
        (HostPattern("localhost"), "nobody's"),
    )
)


def test_a_suffix_matches_itself_and_every_name_below_it() -> None:
    assert TABLE.find("outlook.com") == "business"
    assert TABLE.find("firma-example.mail.protection.outlook.com") == "business"


def test_a_suffix_inside_a_longer_label_or_name_is_no_match() -> None:
    assert TABLE.find("notoutlook.com") is None
    assert TABLE.find("outlook.com.firma.example") is None
    assert TABLE.find("com") is None
    assert TABLE.find("") is None


def test_the_longest_suffix_decides() -> None:
    assert TABLE.find("hotmail-com.olc.protection.outlook.com") == "consumer"


def test_a_single_label_is_a_suffix_too() -> None:
    assert TABLE.find("localhost") == "nobody's"
    assert TABLE.find("mail.localhost") == "nobody's"


def test_a_demanded_beginning_is_that_of_the_whole_host() -> None:
    assert TABLE.find("eforward3.registrar.example") == "forwarding"
    assert TABLE.find("dns1.registrar.example") is None
    assert TABLE.find("x.eforward3.registrar.example") is None


def test_a_forbidden_label_is_forbidden_as_a_whole_and_anywhere() -> None:
    assert TABLE.find("inbound.eu-west-1.cloud.example") == "cloud"
    assert TABLE.find("compute.cloud.example") is None
    assert TABLE.find("vm-1.compute.eu-west-1.cloud.example") is None
    assert TABLE.find("computer.cloud.example") == "cloud"


def test_what_a_pattern_refuses_goes_to_the_next_shorter_suffix() -> None:
    table = SuffixTable(((HostPattern("b.example", starts="mx"), "b"), (HostPattern("example"), "all")))

    assert table.find("mx.b.example") == "b"
    assert table.find("www.b.example") == "all"


def test_a_name_of_many_labels_ends() -> None:
    assert TABLE.find("a." * 5000 + "outlook.com") == "business"
