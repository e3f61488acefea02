"""Telephone numbers in E.164, read with the practice's country in mind.

The library loads sixty modules of formats, a tenth of a cold start. They are loaded when somebody first gives a number.
"""


def to_e164(written: str, country: str) -> str | None:
    """The number in E.164, or None where no such number can exist (ITU-T E.164 and the national numbering plans).

    A local number without its area code is none either: written in E.164 it would be a stranger's.
    """
    import phonenumbers  # noqa: PLC0415  # see above

    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
