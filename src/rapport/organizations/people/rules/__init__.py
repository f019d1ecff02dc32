"""What is true of people, roles, codes and sessions, whoever asks. No database, no clock, no request."""
