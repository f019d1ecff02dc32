"""What is true of links, codes, passkeys, sessions and tries, whoever asks. No database, no clock, no request."""
