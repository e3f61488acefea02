"""The languages of e-mails and reports."""

from bookings.emails.languages.english import English
from bookings.emails.languages.french import French
from bookings.emails.languages.language import Language

LANGUAGES: dict[str, Language] = {"en": English(), "fr": French()}
"""By the language code of a practice."""
