/** Converts a patient to form values, and changed form values to a merge patch (RFC 7396). */
import { formatPhone } from "../../shared/phone_number.js";

/** @typedef {import("../staff_api.js").Request["patient"]} Patient */
/** @typedef {import("../staff_api.js").Schemas["PatientCorrection"]} PatientCorrection */
/** @typedef {Record<keyof PatientCorrection, string>} Form */

export const FIELDS = /** @type {const} */ (["first_name", "last_name", "email", "phone", "date_of_birth"]);

/**
 * @param {Patient} patient
 * @returns {Form}
 */
export function toForm(patient) {
  const extension = patient.phone_extension ? ` ext. ${patient.phone_extension}` : "";
  return {
    first_name: patient.first_name ?? "",
    last_name: patient.last_name ?? "",
    email: patient.email ?? "",
    phone: patient.phone ? formatPhone(patient.phone) + extension : "",
    date_of_birth: patient.date_of_birth ?? "",
  };
}

/**
 * The changed fields; null for those that were emptied.
 *
 * @param {Patient} patient
 * @param {Form} form
 * @returns {PatientCorrection}
 */
export function toCorrection(patient, form) {
  const before = toForm(patient);
  const changed = FIELDS.filter((name) => form[name].trim() !== before[name]);
  return Object.fromEntries(changed.map((name) => [name, form[name].trim() || null]));
}
