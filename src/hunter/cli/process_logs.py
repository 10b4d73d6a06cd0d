"""The log of a command that works with the application: its stream, its level, and the key of what is masked in it."""

from hunter.observability.logs import configure_logs
from hunter.observability.masking import Masking
from hunter.services.secret_files import derived_key
from hunter.settings.fields import Settings
from hunter.wiring.process import secret_key_of


def begin_logs(settings: Settings) -> Masking:
    """Send log lines to standard error, JSON where somebody collects them; returns what masks them."""
    secret = secret_key_of(settings)
    masking = Masking(settings.pii_hash_key.encode() if settings.pii_hash_key else derived_key(secret, "logs"))
    configure_logs(level=settings.log_level, is_json=settings.environment in ("production", "staging"), masking=masking)
    return masking
