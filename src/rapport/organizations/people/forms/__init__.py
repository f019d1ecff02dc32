"""What people type: about persons, roles and emergencies."""
