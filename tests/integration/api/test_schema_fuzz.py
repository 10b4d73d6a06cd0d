"""Strangers' requests of every kind, made from the OpenAPI document: no 5xx and no answer off its schema.

`HUNTER_FUZZ_EXAMPLES` says how many an operation gets; an ordinary run makes few. All go over a real socket to a server
with a real database, and every failure prints its seed.
"""

import os
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi.checks import UndefinedStatusCode

from tests.support.api_application import StandingWorld
from tests.support.api_server import ADMIN, RunningAPI
from tests.support.api_thread import api_in_thread
from tests.support.house import ROOT
from tests.support.storage_database import StorageServer

EXAMPLES: Final = int(os.environ.get("HUNTER_FUZZ_EXAMPLES", "3"))
STEPS: Final = 6
KNOWN: Final = tuple(f"bilinen-{number}.example" for number in range(1, 31))
CHECKS: Final = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.unsupported_method,
    checks.allow_header_conformance,
    checks.negative_data_rejection,
]
SLOW: Final = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

schema = schemathesis.openapi.from_path(ROOT / "tests" / "contract" / "openapi.json")
KEY: Final[list[str]] = []


async def prepare(api: RunningAPI, world: StandingWorld) -> None:
    """Bring in and scan some companies; one of them cannot be read. Make a key that may be used often."""
    world.silence(KNOWN[-1])
    for domain in KNOWN:
        await api.client.post("/ingest/domain", json={"domain": domain, "company_name": f"Örnek {domain}"})
        await api.client.post("/scan/domain", json={"domain": domain})
    made = await api.client.post(
        "/admin/api-keys", json={"name": "Deneme", "rate_limit_per_minute": 10_000}, headers=ADMIN
    )
    KEY[:] = [made.json()["api_key"]]


@pytest.fixture(scope="module")
def address(postgresql: StorageServer) -> Iterator[str]:
    """Where the prepared server listens."""
    with postgresql.database() as url, api_in_thread(url, prepare) as address:
        yield address


def aimed(case: Any) -> Any:
    """Let half of the requests hit what is there: a known company, a key that counts; the rest stays as it was made."""
    domain = (case.path_parameters or {}).get("domain")
    if domain is not None and len(str(domain)) % 2:
        case.path_parameters["domain"] = KNOWN[len(str(domain)) % len(KNOWN)]
    body: Any = case.body
    if isinstance(body, dict) and isinstance(body.get("domain"), str) and len(body["domain"]) % 2:
        case.body = {**body, "domain": KNOWN[len(body["domain"]) % len(KNOWN)]}
    case.headers = {**(case.headers or {}), **ADMIN}
    if case.path.endswith("/ingest/webhook") and isinstance(body, dict) and len(body) % 2:
        case.headers["X-API-Key"] = KEY[0]
    return case


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW, print_blob=True)
def test_no_request_gets_an_answer_that_was_not_promised(case: Any, address: str) -> None:
    aimed(case).call_and_validate(base_url=address, checks=CHECKS)


def test_no_operation_is_left_out() -> None:
    paths = schema.raw_schema["paths"]
    promised = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    operations: list[Any] = list(schema.get_all_operations())
    assert {found.ok().label for found in operations} == promised


def test_no_chain_of_requests_gets_an_answer_that_was_not_promised(address: str) -> None:
    taken: set[str] = set()

    def validate(self: Any, response: Any, case: Any, *_: Any, **__: Any) -> None:
        taken.add(f"{case.method} {case.path} {response.status_code}")
        case.validate_response(response, checks=CHECKS)

    # The class is made from the document, so it cannot be written as one.
    methods = {
        "before_call": lambda self, case: aimed(case),
        "get_call_kwargs": lambda self, case: {"base_url": address},
        "validate_response": validate,
    }
    chain: Any = type("Chain", (schema.as_state_machine(),), methods)
    steps = settings(
        max_examples=5 * EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=SLOW, print_blob=True
    )
    chain.run(settings=steps)
    assert [step for step in taken if "{" in step and step.endswith(" 200")], "no link led to anything that is there"


def test_an_answer_that_was_not_promised_is_found(address: str) -> None:
    promise = {"openapi": "3.1.0", "info": {"title": "Less", "version": "1"}, "paths": {}}
    promise["paths"] = {"/support": {"get": {"responses": {"404": {"description": "Never so"}}}}}
    case = schemathesis.openapi.from_dict(promise)["/support"]["GET"].Case()
    with pytest.raises(FailureGroup) as found:
        case.call_and_validate(base_url=address, checks=CHECKS)
    assert [type(one) for one in found.value.exceptions] == [UndefinedStatusCode]
