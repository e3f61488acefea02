"""What is sent after a decision: e-mails and PMS writes."""
