"""E-mails: texts, templates, calendar file, MIME message and the transport through Amazon SES."""
