"""Pages of people, roles and sign-in."""
