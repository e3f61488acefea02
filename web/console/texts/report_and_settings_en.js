/** Texts of the report and the settings in English. */

export const reportAndSettings = {
  report: {
    title: "Online scheduling report",
    period: "Period",
    lastDays: (/** @type {number} */ days) => `${days} days`,
    from: "From",
    to: "To",
    by: "Group by",
    csv: "Download CSV",
    table: "Figures by group",
    chart: "Requests by group and what became of them; the table below says the same in figures",
    byGroup: (/** @type {string} */ group) => `By ${group.toLowerCase()}`,
    /** @type {Record<string, string>} */
    groups: {
      source: "Source", practitioner: "Practitioner", service: "Service", chair: "Chair", weekday: "Weekday", hour: "Hour",
      patient: "New or existing patient", day: "Day",
    },
    /** @type {Record<string, string>} */
    patients: { new: "New", existing: "Existing" },
    notSaid: "Not said",
    received: "Received",
    accepted: "Accepted",
    gross: "Gross conversion",
    decided: "Decided conversion",
    median: "Median time to decision",
    keptRate: "Appointments kept",
    previousPeriod: (/** @type {string | number} */ value) => `${value} in the period before`,
    resolutions: "How they were accepted",
    rejections: "Why they were rejected",
    ages: "How long the pending ones wait",
    /** @type {Record<string, string>} */
    age: { under_1_day: "Under a day", under_2_days: "Under two days", under_7_days: "Under a week", longer: "Longer" },
    qualityFlags: "Accepted, but worth a second look",
    /** @type {Record<string, string>} */
    qualityFlagNames: {
      no_pms_evidence: "Not in the practice software a week later", cancelled_within_a_day: "Cancelled within a day",
      linked_to_earlier_appointment: "Linked to an appointment that was there first",
    },
    more: "Show more",
    definitions: "What each figure means",
  },
  generated: {
    title: "Reports already made",
    none: "None yet: the first is made after a whole day.",
    cadences: { daily: "Day", weekly: "Week", monthly: "Month" },
    kinds: { html: "Open", csv: "Table (CSV)", json: "Data (JSON)" },
    headline: (/** @type {number} */ received, /** @type {number} */ accepted, /** @type {string} */ share) =>
      `${received} received, ${accepted} accepted (${share})`,
  },
  settings: {
    title: "Settings",
    save: "Save",
    saved: "Saved.",
    delayHint: "Other people’s screens go by the old settings for up to a minute.",
    /** @type {Record<string, string>} */
    options: { en: "English", fr: "French", decided: "with the decision", written: "once it stands in the practice software" },
    /** @type {Record<string, [string, string]>} */
    fields: {
      name: ["Name", "As patients read it."],
      phone: ["Phone", "Where patients call."],
      address: ["Address", "Stands in the e-mails."],
      language: ["Language", "Of the e-mails to patients."],
      confirm_when: ["The confirmation goes out", "With the decision, or once the appointment is safe."],
      auto_link: ["Connect certain matches by itself", "Accepting connects a certain, unique match without asking."],
      decision_target_minutes: ["Decide within (minutes)", "Empty: no target."],
      freshness_limit_minutes: ["The schedule may be this old (minutes)", "If it is older, no request is said to fit. Empty: any age."],
      report_recipients: ["Reports go to", "E-mail addresses, separated by commas; ten at most."],
      front_desk_recipients: ["Reminders of waiting requests go to", "E-mail addresses; empty: to those of the reports."],
    },
  },
};
