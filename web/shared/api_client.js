/** The API, typed by docs/openapi.json: `await answer(api.GET("/public/practices/{practice_id}", …))`. */
import createClient from "openapi-fetch";

/** @typedef {import("../vendor/api.js").components["schemas"]} Schemas */
/** @typedef {Schemas["Problem"]} Problem */

/** Milliseconds; API Gateway gives up after 29 s. */
const TIMEOUT_MS = 30_000;

/** @type {import("openapi-fetch").Client<import("../vendor/api.js").paths>} */
export const api = createClient({
  baseUrl: "/v1",
  fetch: (request) => fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) }),
});

/**
 * What came of a call: its data, or the problem. A network that fails is a problem of the type `unreachable`, and an
 * answer that is not ours (a proxy's page) one of the type `internal-error`.
 *
 * @template T
 * @param {Promise<{data?: T, error?: Problem, response: Response}>} call
 * @returns {Promise<{data: T, problem?: undefined, response: Response} | {data?: undefined, problem: Problem}>}
 */
export async function toResult(call) {
  try {
    const { data, error, response } = await call;
    if (response.ok && data !== undefined) return { data, response };
    const ours = typeof error === "object" && error !== null && "type" in error;
    return { problem: ours ? error : { type: "internal-error", title: "", status: response.status } };
  } catch {
    return { problem: { type: "unreachable", title: "", status: 0 } };
  }
}
