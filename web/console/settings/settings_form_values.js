/** Converts the practice's settings to form values, and changed form values to a merge patch (RFC 7396). */

/** @typedef {import("../practice.js").Practice} Practice */
/** @typedef {import("../staff_api.js").Schemas["PracticeSettings"]} PracticeSettings */
/** @typedef {{name: string, kind: "text" | "tel" | "number" | "check" | "choice", options?: string[]}} Field */
/** @typedef {Record<string, string | boolean>} Form */

/** @type {Field[]} */
export const FIELDS = [
  { name: "name", kind: "text" },
  { name: "phone", kind: "tel" },
  { name: "address", kind: "text" },
  { name: "language", kind: "choice", options: ["en", "fr"] },
  { name: "confirm_when", kind: "choice", options: ["decided", "written"] },
  { name: "email_undo_seconds", kind: "number" },
  { name: "auto_link", kind: "check" },
  { name: "notify_moves_automatically", kind: "check" },
  { name: "decision_target_minutes", kind: "number" },
  { name: "freshness_limit_minutes", kind: "number" },
  { name: "report_recipients", kind: "text" },
  { name: "front_desk_recipients", kind: "text" },
];

const LIST_FIELDS = ["report_recipients", "front_desk_recipients"];

/**
 * @param {Practice} practice
 * @returns {Form}
 */
export function toForm(practice) {
  const known = { ...practice, freshness_limit_minutes: practice.pms.freshness.limit_minutes };
  return Object.fromEntries(FIELDS.map(({ name }) => [name, toFormValue(/** @type {Record<string, unknown>} */ (known)[name])]));
}

/**
 * The changed fields, in the API's types.
 *
 * @param {Practice} practice
 * @param {Form} form
 * @returns {PracticeSettings}
 */
export function toChanges(practice, form) {
  const before = toForm(practice);
  const changed = FIELDS.filter(({ name }) => form[name] !== before[name]);
  return Object.fromEntries(changed.map((field) => [field.name, toApiValue(field, form[field.name] ?? "")]));
}

/** @param {unknown} value */
const toFormValue = (value) => (Array.isArray(value) ? value.join(", ") : typeof value === "boolean" ? value : String(value ?? ""));

/** @param {Field} field @param {string | boolean} value */
function toApiValue({ name, kind }, value) {
  if (typeof value === "boolean") return value;
  if (LIST_FIELDS.includes(name)) return value.split(/[\s,;]+/).filter(Boolean);
  if (!value.trim()) return null;
  return kind === "number" ? Number(value) : value.trim();
}
