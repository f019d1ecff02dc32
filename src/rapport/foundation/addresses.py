"""How addresses name things: by uid, as this program prints it or as `rapport facts` does."""

from uuid import UUID

from django.urls import register_converter


class UidConverter:
    """A uid in a path, with its hyphens or as 32 hexadecimal digits. It is printed with them."""

    regex = "[0-9a-fA-F]{32}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"

    def to_python(self, value: str) -> UUID:
        """Return the uid."""
        return UUID(value)

    def to_url(self, value: UUID | str) -> str:
        """Return the uid as addresses print it, however it was written. Raises `ValueError`."""
        return str(value if isinstance(value, UUID) else UUID(value))


def register() -> None:
    """Let every path say `<uid:…>`."""
    register_converter(UidConverter, "uid")
