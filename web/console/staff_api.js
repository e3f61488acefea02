/** Calls in the name of whoever is signed in. */
import { answer, api } from "../shared/api_client.js";
import { freshToken, isOver, session } from "./sign_in/session.js";

/** @typedef {import("../shared/api_client.js").Schemas} Schemas */
/** @typedef {Schemas["StaffRequest"]} Request */
/** @typedef {Schemas["Problem"]} Problem */
/** @typedef {"accept" | "link" | "reject" | "watch" | "dismiss" | "reopen"} Verb */
/** @typedef {{accept: Schemas["Acceptance"], link: Schemas["Linking"], reject: Schemas["Rejection"], watch: Schemas["Watching"], dismiss: undefined, reopen: undefined}} Bodies */

api.use({
  async onRequest({ request }) {
    if (!request.url.includes("/v1/practices/")) return request;
    const token = await freshToken().catch((problem) => {
      isOver.value = true;
      throw problem;
    });
    request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
  onResponse({ response }) {
    if (response.status === 401) isOver.value = true;
  },
});

export { answer, api };

/** The practice of the session, for a call's path. */
export const here = () => ({ practice_id: session.value?.practice_id ?? "" });

/** @param {string} request_id */
export const about = (request_id) => ({ params: { path: { ...here(), request_id } } });

/** @param {string} request_id */
export const readRequest = (request_id) =>
  answer(api.GET("/practices/{practice_id}/requests/{request_id}", about(request_id)));

/** All decisions answer alike, which the client cannot infer from a verb that varies. */
const post = /** @type {(path: string, call: object) => Promise<{data?: Request, error?: Problem, response: Response}>} */ (
  /** @type {unknown} */ (api.POST)
);

/** @type {Map<string, string>} */
const keys = new Map();

/**
 * Decides what was seen at that revision. The same decision has the same Idempotency-Key however often it is sent, so
 * trying again after a lost answer cannot do it twice.
 *
 * @template {Verb} V
 * @param {V} verb
 * @param {Request} request
 * @param {Bodies[V]} body
 */
export function decide(verb, request, body) {
  const content = JSON.stringify([verb, request.id, request.revision, body]);
  const key = keys.get(content) ?? crypto.randomUUID();
  keys.set(content, key);
  const call = {
    params: {
      path: { ...here(), request_id: request.id },
      header: { "If-Match": `"${request.revision}"`, "Idempotency-Key": key },
    },
    body,
  };
  return answer(post(`/practices/{practice_id}/requests/{request_id}/${verb}`, call));
}
