"""What the edge refuses, as errors: each has a stable code; the API gives each its status and words."""

from hunter.core.errors import HunterError


class Refused(HunterError):
    """A request that is not answered, whatever it asks for."""

    code = "refused"


class ForeignNetwork(Refused):
    """The client is outside the allowed networks."""

    code = "foreign_network"


class ForeignHost(Refused):
    """The request was sent to a name that is not ours."""

    code = "foreign_host"


class CrossSite(Refused):
    """A page of another site tries to change something."""

    code = "cross_site"


class AdminOnly(Refused):
    """The admin token is missing or wrong."""

    code = "admin_only"


class WrongMediaType(Refused):
    """The body is of another kind than the route takes."""

    code = "wrong_media_type"


class NotJSON(WrongMediaType):
    """The route takes `application/json` only."""

    code = "not_json"


class BodyTooLarge(Refused):
    """The body has more bytes than the route takes."""

    code = "body_too_large"


class Closing(Refused):
    """The server is on its way out."""

    code = "closing"
