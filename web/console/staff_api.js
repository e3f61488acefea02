/** Calls in the name of whoever is signed in. */
import { toResult, api } from "../shared/api_client.js";
import { freshToken, isExpired, session } from "./sign_in/session.js";

/** @typedef {import("../shared/api_client.js").Schemas} Schemas */
/** @typedef {Schemas["StaffRequest"]} Request */
/** @typedef {Schemas["Problem"]} Problem */
/** @typedef {"accept" | "link" | "reject" | "watch" | "dismiss" | "reopen"} Verb */
/** @typedef {{accept: Schemas["Acceptance"], link: Schemas["Linking"], reject: Schemas["Rejection"], watch: Schemas["Watching"], dismiss: undefined, reopen: undefined}} DecisionBodies */

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

/** The practice of the session, for a call's path. */
export const practicePath = () => ({ practice_id: session.value?.practice_id ?? "" });

/** @param {string} request_id */
export const requestParams = (request_id) => ({ params: { path: { ...practicePath(), request_id } } });

/** @param {string} request_id */
export const readRequest = (request_id) =>
  toResult(api.GET("/practices/{practice_id}/requests/{request_id}", requestParams(request_id)));

/** All decisions answer alike, which the client cannot infer from a verb that varies. */
const postDecision = /** @type {(path: string, call: object) => Promise<{data?: Request, error?: Problem, response: Response}>} */ (
  /** @type {unknown} */ (api.POST)
);

/** @type {Map<string, string>} */
const idempotencyKeys = new Map();

/**
 * Decides what was seen at that revision. The same decision has the same Idempotency-Key however often it is sent, so
 * trying again after a lost answer cannot do it twice.
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
  return toResult(postDecision(`/practices/{practice_id}/requests/{request_id}/${verb}`, call));
}
