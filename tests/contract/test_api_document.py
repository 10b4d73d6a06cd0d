"""The OpenAPI document is a promise: it changes only together with its golden file.

After a wanted change: `python -m tests.contract.test_api_document` writes the file anew; read the difference before you
keep it.
"""

import asyncio
import json
from pathlib import Path
from typing import Any, Final

from hunter.asgi import create_app
from tests.support.api_application import open_application
from tests.support.api_server import OPTIONS
from tests.support.house import ROOT

GOLDEN: Final = Path(__file__).with_name("openapi.json")
PAGE: Final = ROOT / "docs" / "reference" / "api.md"
#: The version of the product is not part of the promise.
VERSION: Final = "0"


async def document() -> dict[str, Any]:
    """Return the document of the API as it is now."""
    async with open_application() as (application, _):
        found = create_app(application, OPTIONS).openapi()
    return {**found, "info": {**found["info"], "version": VERSION}}


def as_text(found: dict[str, Any]) -> str:
    """Return the document as it is kept: sorted, so that a difference shows what has changed and nothing else."""
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def rows(found: dict[str, Any]) -> list[str]:
    """Return the rows of the reference page: the paths under which an operation is served, and its summary."""
    lines = []
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            if not operation.get("deprecated"):
                old = path.removeprefix("/api/v1")
                is_old = path != old and method in found["paths"].get(old, {})
                lines.append(f"| {method.upper()} | `{path}` | {'yes' if is_old else ''} | {operation['summary']} |")
    return lines


async def test_the_document_is_the_one_that_was_promised() -> None:
    assert as_text(await document()) == GOLDEN.read_text(encoding="utf-8")


async def test_the_reference_page_has_every_operation_and_no_other() -> None:
    page = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and "`/" in line]
    assert page == rows(await document())


if __name__ == "__main__":
    now = asyncio.run(document())
    GOLDEN.write_text(as_text(now), encoding="utf-8")
    print("\n".join(rows(now)))
