"""Letters to patients: their words, their calendar file, their envelope, and the way through SES."""
