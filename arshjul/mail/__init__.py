"""Letters on their way: what servers answer, SMTP and Maildir, the ledger and the round of sending."""
