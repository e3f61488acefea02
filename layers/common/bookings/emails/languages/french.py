"""Les phrases, les dates et les heures des courriels en français."""

from datetime import datetime

from bookings.domain.requests.request import RejectionReason
from bookings.emails.languages.language import Sentences, city, offset

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_CITIES = {"Montreal": "Montréal", "St. John’s": "Saint-Jean", "London": "Londres"}


class French:
    """Le français du Québec et du reste du Canada."""

    code = "fr"
    sentences = Sentences(
        greeting="Bonjour,",
        greeting_by_name="Bonjour {name},",
        confirmed="Votre rendez-vous est confirmé",
        confirmed_subject="Votre rendez-vous est confirmé – {practice}",
        other_time="Veuillez noter que le moment ci-dessous n’est pas celui que vous aviez demandé.",
        moved="Votre rendez-vous a été déplacé",
        moved_subject="Votre rendez-vous a été déplacé – {practice}",
        replaces_time="Le moment ci-dessous remplace celui de notre courriel précédent.",
        welcome="Au plaisir de vous accueillir.",
        calendar_add="Ouvrez le fichier ci-joint pour ajouter le rendez-vous à votre calendrier.",
        calendar_update="Ouvrez le fichier ci-joint pour déplacer le rendez-vous dans votre calendrier.",
        calendar_remove="Ouvrez le fichier ci-joint pour retirer le rendez-vous de votre calendrier.",
        change="Si ce moment ne vous convient pas, veuillez nous appeler.",
        change_by_phone="Si ce moment ne vous convient pas, veuillez nous appeler au {phone}.",
        rejected="Nous n’avons pas pu fixer votre rendez-vous",
        rejected_subject="Votre demande de rendez-vous – {practice}",
        requested="Vous aviez demandé",
        reasons={
            RejectionReason.NO_OPENING: "Nous sommes désolés, mais nous n’avons pas de place au moment "
            "que vous aviez demandé.",
            RejectionReason.DUPLICATE: "Nous avons déjà une demande ou un rendez-vous à votre nom; nous avons donc "
            "fermé cette demande. Rien d’autre n’a changé pour vous.",
            RejectionReason.PATIENT_DECLINED: "Comme vous nous avez dit ne plus avoir besoin de ce rendez-vous, nous "
            "avons fermé votre demande.",
        },
        reason="Nous sommes désolés, mais nous ne pouvons pas fixer le rendez-vous que vous aviez demandé.",
        questions="Pour toute question, ou pour convenir d’un autre moment, veuillez nous appeler.",
        questions_by_phone="Pour toute question, ou pour convenir d’un autre moment, veuillez nous appeler au {phone}.",
        cancelled="Votre rendez-vous n’est plus confirmé",
        cancelled_subject="Votre rendez-vous n’est plus confirmé – {practice}",
        void="La confirmation que nous vous avons envoyée n’est plus valable. Veuillez ne pas vous présenter à ce "
        "rendez-vous.",
        wrong_appointment="Nous avons confirmé le mauvais rendez-vous",
        wrong_appointment_subject="Nous avons confirmé le mauvais rendez-vous – {practice}",
        not_yours="Le rendez-vous de notre courriel précédent ne répondait pas à votre demande. C’est notre erreur.",
        looked_at="Nous examinons votre demande et vous tiendrons au courant.",
        otherwise_stands="Un rendez-vous que vous avez pris autrement avec nous est maintenu.",
        wrong_when="Dans notre courriel précédent",
        calendar_remove_entry="Ouvrez le fichier ci-joint pour ne retirer de votre calendrier que l’entrée de ce "
        "courriel.",
        reopened="Votre demande est de nouveau ouverte",
        reopened_subject="Votre demande de rendez-vous est de nouveau ouverte – {practice}",
        open_again="Nous vous avions écrit que nous ne pouvions pas fixer ce rendez-vous. Nous examinons de nouveau "
        "votre demande et vous tiendrons au courant.",
        back_in_touch="Votre demande n’est pas perdue. Nous l’examinons de nouveau et vous tiendrons au courant.",
        sorry="Veuillez nous excuser pour ce contretemps.",
        when="Quand",
        void_when="Ce moment ne vous est plus réservé",
        length="Durée",
        practitioner="Avec",
        where="Où",
        phone="Téléphone",
        unread="Ce courriel a été envoyé automatiquement; les réponses ne sont pas lues.",
        event="Rendez-vous – {practice}",
        colon="\N{NO-BREAK SPACE}:",
    )

    def date(self, moment: datetime) -> str:
        """Mercredi 15 juillet 2026, sans majuscule."""
        day = "1er" if moment.day == 1 else str(moment.day)
        return f"{_WEEKDAYS[moment.weekday()]} {day} {_MONTHS[moment.month - 1]} {moment.year}"

    def time(self, moment: datetime) -> str:
        """14 h 30, ou 14 h à l’heure juste."""
        return f"{moment.hour} h {moment.minute:02}" if moment.minute else f"{moment.hour} h"

    def moment(self, moment: datetime) -> str:
        """Mercredi 15 juillet 2026 à 14 h 30 (heure de Vancouver, UTC−7), sans majuscule."""
        return f"{self.date(moment)} à {self.time(moment)} ({self.zone(moment)})"

    def zone(self, moment: datetime) -> str:
        """Heure de Vancouver, UTC−7; heure d’Edmonton."""
        name = city(moment)
        name = _CITIES.get(name, name)
        return f"heure {'d’' if name[0] in 'AEIOUYÉ' else 'de '}{name}, {offset(moment)}"

    def length(self, minutes: int) -> str:
        """45 minutes, 1 heure, 1 h 30."""
        hours, rest = divmod(minutes, 60)
        if not hours:
            return f"{rest} minutes"
        return f"{hours} h {rest:02}" if rest else f"{hours} heure{'s' if hours > 1 else ''}"
