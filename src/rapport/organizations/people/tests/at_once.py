"""Doing several things at the same moment, with real commits, on whichever database the suite runs."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection

from rapport.foundation.facts import Overtaken, Refused


def at_once(*acts: Callable[[], object]) -> Sequence[str]:
    """Do all of these at the same moment; return what was refused, in words."""
    start, refused = threading.Barrier(len(acts)), list[str]()

    def do(act: Callable[[], object]) -> None:
        start.wait(30)
        try:
            act()
        except (Refused, Overtaken) as problem:
            refused.append(str(problem))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return refused
