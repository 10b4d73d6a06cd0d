"""Companies: the marks that keep them out of lists, and what their erasure removed."""

from collections.abc import Mapping

from pydantic import ConfigDict, model_validator

from hunter.api.schemas.shapes import RequestModel, ResponseModel
from hunter.core.company_marks import ExclusionMark


class MarksChange(RequestModel):
    """Marks to set (`true`) or to take away (`false`); the others stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"own_customer": True}, {"do_not_contact": True, "demo": False}]}
    )

    own_customer: bool | None = None
    """It buys from us already."""
    do_not_contact: bool | None = None
    """It asked to be left in peace: its name is refused at every door, also after its erasure."""
    demo: bool | None = None
    """It is invented."""

    @model_validator(mode="after")
    def _names_one(self) -> "MarksChange":
        if not self.marks:
            raise ValueError("at least one mark must be true or false")
        return self

    @property
    def marks(self) -> Mapping[ExclusionMark, bool]:
        """What is to be set and taken away."""
        given = {mark: getattr(self, mark) for mark in ExclusionMark}
        return {mark: is_set for mark, is_set in given.items() if is_set is not None}


class MarksAnswer(ResponseModel):
    """The marks that a company has now."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"domain": "ornek-gida.example", "marks": ["do_not_contact", "own_customer"]}]}
    )

    domain: str
    marks: list[ExclusionMark]
    """In alphabetical order."""


class ErasedAnswer(ResponseModel):
    """Rows removed by table."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "domain": "ornek-gida.example",
                    "removed": {"companies": 1, "domain_signals": 1, "lead_scores": 1, "raw_leads": 2},
                    "message": "Firma ve ona bağlı her şey silindi.",
                }
            ]
        }
    )

    domain: str
    removed: dict[str, int]
    message: str
    """Warns if Partner Center will deliver referrals again, or if the name is refused from now on."""
