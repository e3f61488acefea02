/** HTTP client typed by docs/openapi.json: `await toResult(api.GET("/public/practices/{practice_id}", …))`. */
import createClient from "openapi-fetch";

/** @typedef {import("../vendor/api.js").components["schemas"]} Schemas */
/**
 * A problem answer of any type, with the members that some types have.
 *
 * @typedef {{type: string, title: string, status: number, detail?: string}
 *   & Partial<Pick<Schemas["InvalidRequestProblem"], "errors"> & Pick<Schemas["PossibleMatchProblem"], "matches">
 *   & Pick<Schemas["ScheduleConflictProblem"], "conflicts" | "openings">
 *   & Pick<Schemas["AlreadyDecidedProblem"], "request_status" | "allowed_moves">>} Problem
 */

/** Milliseconds. API Gateway times out after 29 s, so nothing arrives later. */
const TIMEOUT_MS = 30_000;

/** @type {import("openapi-fetch").Client<import("../vendor/api.js").paths>} */
export const api = createClient({
  baseUrl: "/v1",
  fetch: (request) => fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) }),
});

/**
 * Turns a call into its data or its problem; never throws. A network failure becomes a problem of type `unreachable`. A
 * response that is no problem document, such as a proxy's error page, becomes `internal-error`.
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
