"""What is said of a company that no look-up finds: why it is left out, and by which door it came.

The words are those of the tables, the API and the command line.
"""

from enum import StrEnum


class ExclusionMark(StrEnum):
    """Why a company stays out of lists, counts, exports, alerts and pushes that do not ask for it."""

    OWN_CUSTOMER = "own_customer"
    #: It asked to be left in peace. Its name is refused at every door, also after it was erased.
    DO_NOT_CONTACT = "do_not_contact"
    #: It is invented. In a database of a demo it is left out of nothing.
    DEMO = "demo"


class CompanyOrigin(StrEnum):
    """The door by which a company came first."""

    DOMAIN = "domain"
    LIST = "list"
    WEBHOOK = "webhook"
    SCAN = "scan"
    PARTNER_CENTER = "partner_center"
