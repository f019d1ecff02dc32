"""Static files: hashed names and precompressed copies once they are collected; plain names before."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Hashed names, so that a browser asks for a file once and never again until it changes.

    `collectstatic` fills the home's `static` folder; what is not collected keeps its plain name and is
    found in the packages, so that a home without collected files still works.
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the hashed name of `name`, or `name` itself where nothing was collected."""
        kept: str = self.hashed_files.get(self.hash_key(self.clean_name(name)), name)
        return kept

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Return the hashed name; a file that another names and that is not shipped keeps its own."""
        try:
            found: str = super().hashed_name(name, content, filename)
        except ValueError:  # a source map that a package's script names but does not ship
            return name
        return found
