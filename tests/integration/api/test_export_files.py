"""The exports as they were promised: columns, headers, order, separators and cells, held against files.

`python -m tests.integration.api.test_export_files` writes the files anew; look at the difference before you keep it.
"""

import asyncio
import csv
import io
from pathlib import Path
from typing import Final

import pytest
from python_calamine import load_workbook

from tests.support.api_application import open_application
from tests.support.api_server import running_api
from tests.support.builders import ABSENT, UNKNOWN, dkim_key, dmarc_policy, mail_evidence, spf_policy
from tests.support.storage_database import StorageServer, storage_server

FOLDER: Final = Path(__file__).parents[2] / "contract"
#: File by the query that gives it.
FILES: Final = {
    "export_en.csv": "format=csv&include_unscored=true",
    "export_tr.csv": "format=csv&include_unscored=true&lang=tr",
}
COMPANIES: Final = {
    "cinar-dokum.example": "Çınar Döküm A.Ş.",
    "inci-yapi.example": '=HYPERLINK("http://kotu.example")',
    "sessiz.example": "Sessiz; Gıda, Ltd.",
    "bakilmamis.example": "Hiç Bakılmamış",
}
MAIL: Final = {
    "cinar-dokum.example": mail_evidence(
        mx=("aspmx.l.google.com",),
        spf=spf_policy("_spf.google.com"),
        dkim=(dkim_key("google"),),
        dmarc=dmarc_policy("reject"),
    ),
    "inci-yapi.example": mail_evidence(mx=("mail.inci-yapi.example",), spf=ABSENT, dkim=ABSENT, dmarc=ABSENT),
    "sessiz.example": mail_evidence(mx=UNKNOWN),
}


async def exported(database_url: str) -> dict[str, bytes]:
    """Fill a database and download every file, and the workbook as the text of the CSV that says the same."""
    async with open_application(database_url) as (application, world), running_api(application) as api:
        world.mail |= MAIL
        for domain, name in COMPANIES.items():
            answer = await api.client.post("/ingest/domain", json={"domain": domain, "company_name": name})
            assert answer.status_code == 201
        for domain in MAIL:
            assert (await api.client.post("/scan/domain", json={"domain": domain})).status_code == 200
        files = {name: (await api.client.get(f"/leads/export?{query}")).content for name, query in FILES.items()}
        book = (await api.client.get("/leads/export?format=xlsx&include_unscored=true")).content
    return {**files, "xlsx": book}


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture(scope="module")
def downloads(postgresql: StorageServer) -> dict[str, bytes]:
    with postgresql.database() as url:
        return asyncio.run(exported(url))


@pytest.mark.parametrize("name", FILES)
def test_an_export_is_the_file_that_was_promised(downloads: dict[str, bytes], name: str) -> None:
    # The files of this project end their lines as on Unix, a CSV as RFC 4180 has it.
    assert downloads[name] == (FOLDER / name).read_bytes().replace(b"\n", b"\r\n")


def test_the_workbook_says_what_the_csv_says_and_holds_texts_only(downloads: dict[str, bytes]) -> None:
    sheet = load_workbook(io.BytesIO(downloads["xlsx"])).get_sheet_by_index(0).to_python()
    expected = rows_of((FOLDER / "export_en.csv").read_bytes())
    # A CSV disarms a formula by an apostrophe; in a workbook a text is a text.
    assert [[str(cell) for cell in row] for row in sheet] == [
        [cell.removeprefix("'") for cell in row] for row in expected
    ]


if __name__ == "__main__":
    with storage_server() as server, server.database() as filled:
        for file, content in asyncio.run(exported(filled)).items():
            if file in FILES:
                (FOLDER / file).write_bytes(content.replace(b"\r\n", b"\n"))
