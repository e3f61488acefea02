/** Texts of the findings screen in English. */

export const findings = {
  title: "Why requests do not fit",
  period: "Requests received in the last 90 days.",
  heading: "Recurring problems",
  count: (/** @type {number} */ misfits, /** @type {number} */ requests) =>
    requests ? `${misfits} of ${requests} decided requests did not fit.` : "No requests of these days have been decided yet.",
  none: "No problem recurs often enough to act on.",
  causes: {
    outside_hours: "Outside opening hours",
    chair_impossible: "Practitioner not in that chair at that time",
    stale_data: "Schedule out of date",
    slot_taken: "Time already taken",
    too_short: "Appointment longer than the time offered",
    short_lead: "Requested at short notice",
    unexplained: "No cause found in the schedule",
  },
  interval: (/** @type {string} */ low, /** @type {string} */ high, /** @type {string} */ sure) =>
    `We are ${sure} sure that between ${low} and ${high} of such requests do not fit.`,
  fix: "Suggestion:",
  evidence: (/** @type {number} */ count) => (count === 1 ? "Show the request" : `Show the ${count} requests`),
  handle: "Mark as handled",
  done: "Handled. It appears again only if enough new requests show the same problem.",
  alreadyHandled: (/** @type {number} */ count) => `Already handled (${count})`,
};
