"""The program's password hasher at the least it can cost: most tests sign somebody in."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Hashes as the program does, with next to no work."""

    time_cost, memory_cost, parallelism = 1, 8, 1
