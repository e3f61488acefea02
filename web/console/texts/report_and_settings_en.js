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
    chart: "Requests by group and status; the table below has the same figures",
    byGroup: (/** @type {string} */ group) => `By ${group.toLowerCase()}`,
    /** @type {Record<string, string>} */
    groups: {
      source: "Source", practitioner: "Practitioner", service: "Service", chair: "Chair", weekday: "Weekday", hour: "Hour",
      patient: "New or existing patient", day: "Day",
    },
    /** @type {Record<string, string>} */
    patients: { new: "New", existing: "Existing" },
    notSaid: "Not specified",
    received: "Received",
    accepted: "Accepted",
    gross: "Gross conversion",
    decided: "Decided conversion",
    median: "Median time to decision",
    keptRate: "Appointments kept",
    previousPeriod: (/** @type {string | number} */ value) => `${value} in the previous period`,
    resolutions: "How they were accepted",
    rejections: "Why they were rejected",
    ages: "How long pending requests have waited",
    /** @type {Record<string, string>} */
    age: { under_1_day: "Under a day", under_2_days: "Under two days", under_7_days: "Under a week", longer: "Longer" },
    qualityFlags: "Accepted, but to be checked",
    /** @type {Record<string, string>} */
    qualityFlagNames: {
      no_pms_evidence: "Not in the practice software after a week", cancelled_within_a_day: "Cancelled within a day",
      linked_to_earlier_appointment: "Connected to an appointment that already existed",
    },
    more: "Show more",
    definitions: "What each figure means",
  },
  scheduledReports: {
    title: "Scheduled reports",
    none: "None yet. The first one appears after the first full day.",
    cadences: { daily: "Day", weekly: "Week", monthly: "Month" },
    kinds: { html: "Open", csv: "Table (CSV)", json: "Data (JSON)" },
    headline: (/** @type {number} */ received, /** @type {number} */ accepted, /** @type {string} */ share) =>
      `${received} received, ${accepted} accepted (${share})`,
  },
  settings: {
    title: "Settings",
    save: "Save",
    saved: "Saved.",
    delayHint: "Other screens may use the old settings for up to a minute.",
    /** @type {Record<string, string>} */
    options: { en: "English", fr: "French", decided: "with the decision", written: "once it is in the practice software" },
    /** @type {Record<string, [string, string]>} */
    fields: {
      name: ["Name", "As patients see it."],
      phone: ["Phone", "The number for patients to call."],
      address: ["Address", "Shown in e-mails to patients."],
      language: ["Language", "Language of e-mails to patients."],
      confirm_when: ["Send the confirmation", "When patients get the confirmation e-mail."],
      email_undo_seconds: ["Time to undo (seconds)", "How long the e-mail of a decision waits, up to 120. 0: it goes out at once. Empty: 20."],
      auto_link: ["Connect certain matches automatically", "If exactly one appointment is a certain match, Accept connects it without asking."],
      notify_moves_automatically: ["Tell patients of moved visits automatically", "A patient whose confirmed visit is moved in the practice software gets an e-mail ten minutes after the last move."],
      decision_target_minutes: ["Decide within (minutes)", "Empty: no target."],
      freshness_limit_minutes: ["Maximum age of the schedule (minutes)", "If the schedule is older, we do not say that requests fit. Empty: no limit."],
      report_recipients: ["Send reports to", "E-mail addresses, separated by commas; at most ten."],
      front_desk_recipients: ["Send reminders of pending requests to", "E-mail addresses. Empty: the addresses for reports."],
    },
  },
};
