/** Validates the booking form and sends it to the API, with one idempotency key for each distinct request. */
import { signal } from "@preact/signals";
import { api, toResult } from "../shared/api_client.js";
import { practiceId } from "./practice.js";
import { practitionerId, serviceId, start, suggestsOwnTime } from "./slot_selection.js";

/** @typedef {import("../shared/api_client.js").Schemas["Submission"]} Submission */
/** @typedef {keyof typeof import("./texts/en.js").en["field_errors"]} FieldErrorCode */
/** @typedef {"unreachable" | "busy" | "too_many" | "failed" | "refused" | "changed"} SubmissionProblem */

/** Milliseconds after which the page says that sending takes longer than usual. */
const SLOW_AFTER_MS = 8_000;

export const sending = signal(/** @type {false | "normal" | "slow"} */ (false));
export const submissionProblem = signal(/** @type {SubmissionProblem | null} */ (null));
/** Error code by field name. */
export const fieldErrors = signal(/** @type {ReadonlyMap<string, FieldErrorCode>} */ (new Map()));
/** @type {import("@preact/signals").Signal<{manageToken: string, byEmail: boolean} | null>} */
export const sentRequest = signal(null);

/** An unchanged body is sent again with the same idempotency key, so a retry cannot create a second request. */
let lastAttempt = { text: "", key: "" };

/** @param {HTMLFormElement} form */
export async function send(form) {
  if (sending.value) return;
  const fields = new FormData(form);
  submissionProblem.value = null;
  fieldErrors.value = validate(fields);
  if (fieldErrors.value.size > 0) return;
  sending.value = "normal";
  const slowTimer = setTimeout(() => (sending.value = "slow"), SLOW_AFTER_MS);
  try {
    await postSubmission(buildSubmission(fields));
  } finally {
    clearTimeout(slowTimer);
    sending.value = false;
  }
}

/** Fields whose error is shown at another field. @type {Record<string, string>} */
const SHARED_ERROR_FIELD = { start: "time", phone: "email", own_time: "own_day" };

/** Clears a field's error as soon as the patient edits it; sending validates again. @param {string} name */
export function clearFieldError(name) {
  const left = new Map(fieldErrors.value);
  left.delete(name);
  left.delete(SHARED_ERROR_FIELD[name] ?? name);
  if (left.size < fieldErrors.value.size) fieldErrors.value = left;
}

/** @param {Submission} body */
async function postSubmission(body) {
  const text = JSON.stringify(body);
  if (text !== lastAttempt.text) lastAttempt = { text, key: crypto.randomUUID() };
  const { data, problem } = await toResult(
    api.POST("/public/practices/{practice_id}/requests", {
      params: { path: { practice_id: practiceId }, header: { "Idempotency-Key": lastAttempt.key } },
      body,
    }),
  );
  if (data) sentRequest.value = { manageToken: data.manage_token, byEmail: Boolean(body.may_email && body.patient.email) };
  else if (problem.type === "invalid-request") showApiErrors(problem.errors ?? []);
  else submissionProblem.value = submissionProblemOf(problem);
}

/**
 * @param {import("../shared/api_client.js").Problem} problem
 * @returns {SubmissionProblem}
 */
function submissionProblemOf({ type, status }) {
  if (type === "unreachable" || status === 504) return "unreachable";
  if (status === 429) return "too_many";
  if (status === 503) return "busy";
  return status >= 500 ? "failed" : "refused";
}

/** @type {Record<string, [field: string, code: FieldErrorCode]>} */
const API_FIELD_ERRORS = {
  "patient.first_name": ["first_name", "first_name"],
  "patient.last_name": ["last_name", "last_name"],
  "patient.email": ["email", "email"],
  "patient.phone": ["phone", "phone"],
  "patient.date_of_birth": ["date_of_birth", "date_of_birth"],
  note: ["note", "note"],
};

/** @param {readonly {field: string, message: string}[]} errors */
function showApiErrors(errors) {
  const read = errors.map(({ field }) => (field === "requested.start" ? startTimeError() : API_FIELD_ERRORS[field]));
  fieldErrors.value = new Map(read.filter((one) => one !== undefined));
  if (read.includes(undefined)) submissionProblem.value = errors.some(({ field }) => field.startsWith("requested.")) ? "changed" : "refused";
}

/** @returns {[string, FieldErrorCode]} */
const startTimeError = () => (suggestsOwnTime.value ? ["own_day", "impossible"] : ["time", "past"]);

/** @param {FormData} fields */
function validate(fields) {
  /** @type {Map<string, FieldErrorCode>} */
  const found = new Map();
  /** @param {string} name */
  const text = (name) => String(fields.get(name) ?? "").trim();
  if (!serviceId.value) found.set("service", "service");
  if (!suggestsOwnTime.value && !start.value) found.set("time", "time");
  if (suggestsOwnTime.value && !(text("own_day") && text("own_time"))) found.set("own_day", "time");
  if (!text("first_name")) found.set("first_name", "first_name");
  if (!text("last_name")) found.set("last_name", "last_name");
  if (!text("email") && !text("phone")) found.set("email", "reach");
  else if (text("email") && !/^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s.<>,;]+$/.test(text("email"))) found.set("email", "email");
  if (text("date_of_birth") > new Date().toISOString()) found.set("date_of_birth", "date_of_birth");
  if (!fields.has("consent")) found.set("consent", "consent");
  return found;
}

/**
 * @param {FormData} fields
 * @returns {Submission}
 */
function buildSubmission(fields) {
  /** @param {string} name */
  const text = (name) => String(fields.get(name) ?? "").trim() || null;
  return {
    patient: {
      first_name: text("first_name") ?? "",
      last_name: text("last_name") ?? "",
      email: text("email"),
      phone: text("phone"),
      date_of_birth: text("date_of_birth"),
    },
    may_email: fields.has("may_email"),
    requested: {
      start: suggestsOwnTime.value ? `${text("own_day")}T${text("own_time")}` : start.value,
      service_id: serviceId.value,
      practitioner_id: practitionerId.value || null,
    },
    source: campaignSource(),
    note: text("note"),
    homepage: text("homepage"),
  };
}

/** The `source` that the practice put into its link, as in /book/prac_x?source=newsletter; "website" without one. */
function campaignSource() {
  const named = new URLSearchParams(location.search).get("source") ?? "";
  return /^[a-z0-9_-]{1,32}$/.test(named) ? named : "website";
}
