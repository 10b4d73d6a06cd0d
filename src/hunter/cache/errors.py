"""What this room says when Redis cannot serve it. Whoever asked has a way without Redis, and takes it."""

from hunter.core.errors import Unavailable


class RedisUnavailable(Unavailable):
    """Redis cannot be reached, does not answer in time, refuses, or is not called after failures."""

    code = "redis_unavailable"
