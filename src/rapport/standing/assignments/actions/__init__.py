"""What is done to assignments. Each act asks leave, checks the rule, writes, and leaves one line."""

from .assigning import begin_assignment, correct_assignment, end_assignment, withdraw_assignment
from .exceptions import correct_exception, end_exception, grant_exception, withdraw_exception
from .following import follow_schools
from .standing import Missing, NotCleared

__all__ = [
    "Missing",
    "NotCleared",
    "begin_assignment",
    "correct_assignment",
    "correct_exception",
    "end_assignment",
    "end_exception",
    "follow_schools",
    "grant_exception",
    "withdraw_assignment",
    "withdraw_exception",
]
