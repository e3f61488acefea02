"""Messages that a decision sends: e-mails, and writes for the PMS."""
