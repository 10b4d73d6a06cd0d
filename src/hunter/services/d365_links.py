"""Links to leads in Dynamics 365: how their address is made, for API, pages and files alike."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class D365Links:
    """How an address of a lead in Dynamics 365 is made; both come from settings."""

    base_url: str | None = None
    app_id: str | None = None

    def to(self, lead_id: str | None) -> str | None:
        """Return the address of a lead; None without its id or our base."""
        if not lead_id or not self.base_url:
            return None
        application = f"&appid={self.app_id}" if self.app_id else ""
        return f"{self.base_url.rstrip('/')}/main.aspx?pagetype=entityrecord&etn=lead&id={lead_id}{application}"
