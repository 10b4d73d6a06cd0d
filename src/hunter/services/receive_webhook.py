"""Receive one lead from a program: kept once, however often it is sent, and enriched where addresses came with it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hunter.core.company_marks import CompanyOrigin
from hunter.core.errors import Conflict, HunterError, InvalidInput
from hunter.core.names.contacts import read_contacts
from hunter.core.new_company import NewCompany
from hunter.observability.logs import logger_of
from hunter.services.companies import keep_contacts
from hunter.services.errors import NeverACompany, NoDomain, RefusedDelivery
from hunter.services.intake import CompanyIntake
from hunter.services.names import choose_domain
from hunter.storage.access import ApiKey, KeptAnswer
from hunter.storage.raw_leads import RawLead
from hunter.storage.unit_of_work import UnitOfWork

_CREATED: Final = 201


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a program sent."""

    domain: str
    company_name: str | None
    contact_emails: tuple[str, ...]
    #: The header `Idempotency-Key`; None where none came.
    idempotency_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of it."""

    domain: str
    is_enriched: bool


async def receive_webhook(intake: CompanyIntake, key: ApiKey, delivery: Delivery) -> Received:
    """Keep a delivery. The same idempotency key with the same body gives the first answer, with another `Conflict`.

    A valid delivery that fails inside is kept to be tried again, and the error goes on to the caller. Raises
    `RefusedDelivery` for one that names no company, and `DoNotContact`.
    """
    try:
        return await _received(intake, key, delivery)
    except (NoDomain, NeverACompany) as error:
        raise RefusedDelivery(error) from error
    except (InvalidInput, Conflict):
        raise
    except HunterError as error:
        await _keep_for_later(intake, key, delivery, error)
        raise


async def _received(intake: CompanyIntake, key: ApiKey, delivery: Delivery) -> Received:
    repeat, body_hash, hours = delivery.idempotency_key, _fingerprint(delivery), intake.idempotency_hours
    async with intake.writes() as unit:
        if repeat is None:
            return await _keep(intake, key, delivery, unit)
        first = await unit.access.find_answer(key.id, repeat, body_hash, hours=hours)
        if first is not None:
            return Received(domain=first.answer["domain"], is_enriched=first.answer["enriched"])
        received = await _keep(intake, key, delivery, unit)
        answer = KeptAnswer(_CREATED, {"domain": received.domain, "enriched": received.is_enriched})
        await unit.access.keep_answer(key.id, repeat, body_hash, domain=received.domain, answer=answer, hours=hours)
        return received


async def _keep_for_later(intake: CompanyIntake, key: ApiKey, delivery: Delivery, error: HunterError) -> None:
    domain = choose_domain(intake.names, delivery.domain).domains[0]
    payload = {**_payload(key, delivery), "company_name": delivery.company_name}
    try:
        async with intake.writes() as unit:
            await unit.webhook_retries.add(key.id, domain, payload, error_message=str(error))
    except HunterError:
        logger_of("webhook").warning("delivery_not_kept", domain=domain, exc_info=True)


async def _keep(intake: CompanyIntake, key: ApiKey, delivery: Delivery, unit: UnitOfWork) -> Received:
    domain = choose_domain(intake.names, delivery.domain).domains[0]
    name = (delivery.company_name or "").strip() or None
    await unit.companies.intake(NewCompany(domain=domain, name=name, origin=CompanyOrigin.WEBHOOK))
    raw = RawLead(source="webhook", domain=domain, company_name=name, payload=_payload(key, delivery))
    await unit.raw_leads.add_many([raw])
    return Received(domain=domain, is_enriched=await _enrich(unit, domain, delivery.contact_emails))


async def _enrich(unit: UnitOfWork, domain: str, addresses: Sequence[str]) -> bool:
    """Enrich behind a savepoint: what was received stays received when this fails."""
    contacts = read_contacts(addresses, domain)
    if not contacts.emails:
        return False
    try:
        async with unit.savepoint():
            await keep_contacts(unit, domain, contacts)
    except HunterError:
        logger_of("webhook").warning("enrichment_failed", domain=domain, exc_info=True)
        return False
    return True


def _payload(key: ApiKey, delivery: Delivery) -> Mapping[str, Any]:
    return {
        "original_domain": delivery.domain,
        "contact_emails": list(delivery.contact_emails),
        "api_key_id": key.id,
        "api_key_name": key.name,
    }


def _fingerprint(delivery: Delivery) -> str:
    """Return a hash of the meaning of a body, so that the order of its keys does not matter."""
    body = [delivery.domain, delivery.company_name, list(delivery.contact_emails)]
    return hashlib.sha256(json.dumps(body, ensure_ascii=True).encode()).hexdigest()
