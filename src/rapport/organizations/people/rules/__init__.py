"""What is true of people, names and roles, whoever asks. No database, no clock, no request."""
