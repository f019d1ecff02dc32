"""Pages of sign-in: joining, the lock, one's own account."""
