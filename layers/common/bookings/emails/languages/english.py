"""The sentences, dates and times of e-mails in English."""

from datetime import datetime

from bookings.domain.requests.request import RejectionReason
from bookings.emails.languages.language import Sentences, city, offset

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class English:
    """English for Canada and the United States."""

    code = "en"
    sentences = Sentences(
        greeting="Hello,",
        greeting_by_name="Hello {name},",
        confirmed="Your appointment is confirmed",
        confirmed_subject="Your appointment at {practice} is confirmed",
        other_time="Please note that the time below is not the one you asked for.",
        moved="Your appointment has been moved",
        moved_subject="Your appointment at {practice} has been moved",
        replaces_time="The time below replaces the one in our earlier e-mail.",
        welcome="We look forward to seeing you.",
        calendar_add="Open the attached file to add the appointment to your calendar.",
        calendar_update="Open the attached file to move the appointment in your calendar.",
        calendar_remove="Open the attached file to take the appointment out of your calendar.",
        change="If this time does not suit you, please call us.",
        change_by_phone="If this time does not suit you, please call us at {phone}.",
        rejected="We could not book your appointment",
        rejected_subject="Your appointment request to {practice}",
        requested="You asked for",
        reasons={
            RejectionReason.NO_OPENING: "We are sorry, but we have no opening at the time you asked for.",
            RejectionReason.DUPLICATE: "We already have a request or an appointment of yours, so we have closed this "
            "request. Nothing else has changed for you.",
            RejectionReason.PATIENT_DECLINED: "As you told us that you no longer need this appointment, we have closed "
            "your request.",
        },
        reason="We are sorry, but we cannot book the appointment you asked for.",
        questions="If you have a question, or would like another time, please call us.",
        questions_by_phone="If you have a question, or would like another time, please call us at {phone}.",
        cancelled="Your appointment is no longer confirmed",
        cancelled_subject="Your appointment at {practice} is no longer confirmed",
        void="The confirmation that we sent you does not hold any more. Please do not come to this appointment.",
        wrong_appointment="We confirmed the wrong appointment",
        wrong_appointment_subject="{practice} confirmed the wrong appointment",
        not_yours="The appointment in our earlier e-mail was not meant for your request. That was our mistake.",
        looked_at="Your request is being looked at, and we will be in touch.",
        otherwise_stands="A visit that you arranged with us otherwise stands.",
        wrong_when="In our earlier e-mail",
        calendar_remove_entry="Open the attached file to take only the entry of that e-mail out of your calendar.",
        reopened="Your request is open again",
        reopened_subject="Your appointment request to {practice} is open again",
        open_again="We had written that we could not book this appointment. We are looking at your request again and "
        "will be in touch.",
        back_in_touch="Your request has not been lost: we are looking at it again and will be in touch.",
        sorry="We are sorry for the trouble.",
        when="When",
        void_when="No longer reserved for you",
        length="Length",
        practitioner="With",
        where="Where",
        phone="Phone",
        unread="This e-mail was sent automatically, and replies to it are not read.",
        event="Appointment at {practice}",
        colon=":",
    )

    def date(self, moment: datetime) -> str:
        """Wednesday, July 15, 2026."""
        return f"{_WEEKDAYS[moment.weekday()]}, {_MONTHS[moment.month - 1]} {moment.day}, {moment.year}"

    def time(self, moment: datetime) -> str:
        """2:30 PM."""
        return f"{moment.hour % 12 or 12}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"

    def moment(self, moment: datetime) -> str:
        """Wednesday, July 15, 2026 at 2:30 PM (Vancouver time, UTC−7)."""
        return f"{self.date(moment)} at {self.time(moment)} ({self.zone(moment)})"

    def zone(self, moment: datetime) -> str:
        """Vancouver time, UTC−7."""
        return f"{city(moment)} time, {offset(moment)}"

    def length(self, minutes: int) -> str:
        """45 minutes, 1 hour, 1 hour 30 minutes."""
        hours, rest = divmod(minutes, 60)
        parts = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
        return " ".join([*parts, f"{rest} minutes"] if rest else parts)
