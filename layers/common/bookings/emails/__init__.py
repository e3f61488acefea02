"""E-mails: texts, templates, calendar file, MIME message and the SES transport."""
