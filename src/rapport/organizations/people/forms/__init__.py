"""What people type: to sign in, about persons, roles and emergencies."""
