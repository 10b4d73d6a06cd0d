"""Counts for dashboard and cards (engine specification 9.5), over scored leads."""

from pydantic import ConfigDict

from hunter.api.schemas.shapes import ResponseModel


class Dashboard(ResponseModel):
    """Number of leads per segment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "total_leads": 312,
                    "migration": 40,
                    "existing": 120,
                    "cold": 90,
                    "skip": 62,
                    "avg_score": 47.5,
                    "max_score": 90,
                    "high_priority": 21,
                }
            ]
        }
    )

    total_leads: int
    migration: int
    existing: int
    cold: int
    skip: int
    avg_score: float
    max_score: int | None
    high_priority: int
    """Migration with a score of 70 or more."""


class Kpis(ResponseModel):
    """Key figures of the dashboard."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "total_leads": 312,
                    "migration_leads": 40,
                    "high_priority": 21,
                    "max_score": 90,
                    "pc_referrals": 0,
                    "d365_synced": 0,
                }
            ]
        }
    )

    total_leads: int
    migration_leads: int
    high_priority: int
    max_score: int | None
    pc_referrals: int
    d365_synced: int
