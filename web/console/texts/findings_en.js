/** Texts of the findings screen in English. */

export const findings = {
  title: "Why requests do not fit",
  period: "Requests received in the last 90 days.",
  heading: "What repeats itself",
  count: (/** @type {number} */ misfits, /** @type {number} */ requests) =>
    requests ? `${misfits} of ${requests} decided requests did not fit.` : "No request has been decided on these days yet.",
  none: "Nothing repeats itself often enough to be worth changing.",
  causes: {
    outside_hours: "Outside opening hours",
    chair_impossible: "Practitioner not in that chair then",
    stale_data: "Schedule out of date",
    slot_taken: "Time already taken",
    too_short: "Booked for longer than offered",
    short_lead: "Asked for at short notice",
    unexplained: "No reason in the schedule",
  },
  interval: (/** @type {string} */ low, /** @type {string} */ high, /** @type {string} */ sure) =>
    `As far as these requests can tell, between ${low} and ${high} of them do not fit (${sure} sure).`,
  fix: "What would help:",
  evidence: (/** @type {number} */ count) => (count === 1 ? "Show the request" : `Show the ${count} requests`),
  handle: "Mark as handled",
  done: "Handled. It comes back only if enough new requests say the same.",
  alreadyHandled: (/** @type {number} */ count) => `Already handled (${count})`,
};
