/** Texts of the findings screen in French. */

/** @type {typeof import("./findings_en.js").findings} */
export const findings = {
  title: "Pourquoi des demandes ne conviennent pas",
  period: "Demandes reçues ces 90 derniers jours.",
  heading: "Ce qui se répète",
  count: (misfits, requests) =>
    requests ? `${misfits} demandes décidées sur ${requests} ne convenaient pas.` : "Aucune demande de ces jours n’est encore décidée.",
  none: "Rien ne se répète assez souvent pour valoir un changement.",
  causes: {
    outside_hours: "En dehors des heures d’ouverture",
    chair_impossible: "Praticien absent de ce fauteuil à ce moment",
    stale_data: "Horaire périmé",
    slot_taken: "Moment déjà pris",
    too_short: "Réservé plus longtemps que proposé",
    short_lead: "Demandé à la dernière minute",
    unexplained: "Aucune raison dans l’horaire",
  },
  interval: (low, high, sure) =>
    `Autant que ces demandes permettent de le dire, entre ${low} et ${high} d’entre elles ne conviennent pas (sûr à ${sure}).`,
  fix: "Ce qui aiderait :",
  evidence: (count) => (count === 1 ? "Voir la demande" : `Voir les ${count} demandes`),
  handle: "Marquer comme traité",
  done: "Traité. Cela revient seulement si assez de nouvelles demandes disent la même chose.",
  alreadyHandled: (count) => `Déjà traité (${count})`,
};
