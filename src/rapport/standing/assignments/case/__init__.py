"""The one loader of what a standing rests on. It is narrowed by no actor: a principal who may not
read personnel facts would else find everybody not cleared. Only this app's queries import it; what
an actor is shown is decided afterwards, by `rules/shown.py`.
"""

from .facts import Facts, Pair, load, load_books
from .rows import hex_uid

__all__ = ["Facts", "Pair", "hex_uid", "load", "load_books"]
