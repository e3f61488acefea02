/** Texts of the findings screen in French. */

/** @type {typeof import("./findings_en.js").findings} */
export const findings = {
  title: "Pourquoi des demandes ne conviennent pas",
  period: "Demandes reçues ces 90 derniers jours.",
  heading: "Problèmes récurrents",
  count: (misfits, requests) =>
    requests ? `${misfits} demandes décidées sur ${requests} ne convenaient pas.` : "Aucune demande de ces jours n’est encore décidée.",
  none: "Aucun problème ne revient assez souvent pour agir.",
  causes: {
    outside_hours: "En dehors des heures d’ouverture",
    chair_impossible: "Praticien absent de ce fauteuil à ce moment",
    stale_data: "Horaire pas à jour",
    slot_taken: "Moment déjà pris",
    too_short: "Rendez-vous plus long que le temps proposé",
    short_lead: "Demandé à la dernière minute",
    unexplained: "Aucune cause trouvée dans l’horaire",
  },
  interval: (low, high, sure) =>
    `Nous sommes sûrs à ${sure} qu’entre ${low} et ${high} de ces demandes ne conviennent pas.`,
  fix: "Suggestion :",
  evidence: (count) => (count === 1 ? "Voir la demande" : `Voir les ${count} demandes`),
  handle: "Marquer comme traité",
  done: "Traité. Cela revient seulement si assez de nouvelles demandes montrent le même problème.",
  alreadyHandled: (count) => `Déjà traité (${count})`,
};
