"""`rapport standing` and `rapport facts`: the answer, and everything it rests on, for programs to read."""

from . import facts, standing  # noqa: F401  their import adds commands
