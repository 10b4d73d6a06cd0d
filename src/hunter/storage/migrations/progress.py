"""What a migration says while it works: one line for a step that may take long."""

from alembic import context


def say(line: str) -> None:
    """Hand a line to whoever runs the migrations and listens."""
    told = context.config.attributes.get("say")
    if told is not None:
        told(line)
