"""Erasing a company reaches what neighbours said of it: in Redis, and in the files of this machine."""

from pathlib import Path

from hunter.collectors.registration.registration import Outcome, Registration
from hunter.core.evidence import Tenant
from hunter.core.names.public_suffix import shipped_suffixes
from hunter.core.signals import Found
from hunter.settings.fields import Settings
from hunter.wiring.application import forget_answers
from hunter.wiring.shared import open_shared
from hunter.wiring.survey import tenants_in_files
from tests.support.builders import mail_evidence

DOMAIN = "posta.firma.example"
#: Registrations are kept by the name that is registered.
REGISTERED = "firma.example"
SIGNAL = Found(Tenant(tenant_id="00000000-0000-0000-0000-000000000001", region="EU", cloud="worldwide"))


async def test_an_erased_company_leaves_no_answer_behind(valkey_url: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with open_shared(settings, valkey_url) as shared:
        registrations, tenants, files = shared.registrations(), shared.tenants(), tenants_in_files(settings)
        await shared.mail().put(DOMAIN, mail_evidence(), 60)
        for name in (REGISTERED, "baska.example"):
            await registrations.put(name, Registration(Outcome.FOUND), 60)
        await tenants.put(DOMAIN, SIGNAL, 60)
        await files.put(DOMAIN, SIGNAL, 60)
        await forget_answers(settings, shared, shipped_suffixes(), DOMAIN)
        assert await registrations.get(REGISTERED) is None
        assert await shared.mail().get(DOMAIN) is None
        assert await tenants.get(DOMAIN) is None
        assert await files.get(DOMAIN) is None
        assert await registrations.get("baska.example") is not None
