/** API calls of the signed-in user: adds the token, and sends decisions with revision and idempotency key. */
import { api, toResult } from "../shared/api_client.js";
import { freshToken, isExpired, session } from "./sign_in/session.js";

/** @typedef {import("../shared/api_client.js").Schemas} Schemas */
/** @typedef {Schemas["StaffRequest"]} Request */
/** @typedef {import("../shared/api_client.js").Problem} Problem */
/** @typedef {"accept" | "link" | "reject" | "watch" | "correct" | "dismiss" | "notify" | "reopen"} Verb */
/** @typedef {{accept: Schemas["Acceptance"], link: Schemas["Linking"], reject: Schemas["Rejection"], watch: Schemas["Watching"], correct: Schemas["PatientCorrection"], dismiss: undefined, notify: undefined, reopen: Schemas["Reopening"]}} DecisionBodies */

api.use({
  async onRequest({ request }) {
    if (!request.url.includes("/v1/practices/")) return request;
    const token = await freshToken().catch((problem) => {
      isExpired.value = true;
      throw problem;
    });
    request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
  onResponse({ response }) {
    if (response.status === 401) isExpired.value = true;
  },
});

export { toResult, api };

/** Path parameters with the practice of the session. */
export const practicePath = () => ({ practice_id: session.value?.practice_id ?? "" });

/** @param {string} request_id */
export const requestParams = (request_id) => ({ params: { path: { ...practicePath(), request_id } } });

/** @param {string} request_id */
export const fetchRequest = (request_id) =>
  toResult(api.GET("/practices/{practice_id}/requests/{request_id}", requestParams(request_id)));

/** All decisions return the request; the typed client cannot infer that from a path with a variable verb. */
const { POST: postDecision, PATCH: patchDecision } =
  /** @type {Record<"POST" | "PATCH", (path: string, call: object) => Promise<{data?: Request, error?: Problem, response: Response}>>} */ (
    /** @type {unknown} */ (api)
  );

/** @type {Map<string, string>} */
const idempotencyKeys = new Map();

/**
 * Sends a decision about the request at the revision that was shown. The same decision always has the same
 * Idempotency-Key, so a retry after a lost response cannot apply it twice.
 *
 * @template {Verb} V
 * @param {V} verb
 * @param {Request} request
 * @param {DecisionBodies[V]} body
 */
export function sendDecision(verb, request, body) {
  const content = JSON.stringify([verb, request.id, request.revision, body]);
  const key = idempotencyKeys.get(content) ?? crypto.randomUUID();
  idempotencyKeys.set(content, key);
  const call = {
    params: {
      path: { ...practicePath(), request_id: request.id },
      header: { "If-Match": `"${request.revision}"`, "Idempotency-Key": key },
    },
    body,
  };
  const path = "/practices/{practice_id}/requests/{request_id}";
  return toResult(verb === "correct" ? patchDecision(`${path}/patient`, call) : postDecision(`${path}/${verb}`, call));
}
