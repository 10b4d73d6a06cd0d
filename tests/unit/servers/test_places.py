"""Where the sockets lie: beside the data where that path will do, else always in the same short folder."""

from pathlib import Path

import pytest

from hunter.servers.account import SERVER_ID, Account
from hunter.servers.places import LONGEST_SOCKET_NAME, LONGEST_SOCKET_PATH_BYTES, socket_folder

SOMEBODY = Account(1000, 1000, is_dropped=False)
DROPPED = Account(SERVER_ID, SERVER_ID, is_dropped=True)
LONGEST_DATA = LONGEST_SOCKET_PATH_BYTES - len(LONGEST_SOCKET_NAME) - len("/run")


def data_of(length: int) -> Path:
    return Path("/srv/" + "d" * (length - len("/srv/")))


def test_sockets_lie_beside_the_data_up_to_the_last_byte() -> None:
    data = data_of(LONGEST_DATA)
    assert socket_folder(data, SOMEBODY) == data / "run"
    assert len(f"{data}/run{LONGEST_SOCKET_NAME}") == LONGEST_SOCKET_PATH_BYTES


@pytest.mark.parametrize("data", [data_of(LONGEST_DATA + 1), Path("/srv/a,b"), Path("/srv/a b"), Path("/srv/satış")])
def test_other_paths_get_a_short_plain_folder(data: Path) -> None:
    folder = socket_folder(data, SOMEBODY)
    assert folder.parent == Path("/tmp")
    assert folder.name.startswith("hunter-1000-")
    assert socket_folder(data, SOMEBODY) == folder
    assert socket_folder(data / "other", SOMEBODY) != folder


def test_as_root_the_short_folder_lies_where_nobody_else_can_take_its_name() -> None:
    system = Path("/run")
    assert socket_folder(Path("/srv/a b"), DROPPED).parent == (system if system.is_dir() else Path("/tmp"))
