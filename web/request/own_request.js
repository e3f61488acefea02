/**
 * Loads and withdraws the patient's own request. The token in the URL fragment is the only key and is stored nowhere
 * else.
 */
import { signal } from "@preact/signals";
import { api, toResult } from "../shared/api_client.js";
import { setDefaultLanguage } from "../shared/language.js";
import { decodeUrlPart } from "../shared/url_parts.js";

/** @typedef {import("../shared/api_client.js").Schemas["OwnRequest"]} OwnRequest */

/** @type {import("@preact/signals").Signal<OwnRequest | null>} */
export const request = signal(null);
/** @type {import("@preact/signals").Signal<import("../shared/api_client.js").Schemas["PublicPractice"] | null>} */
export const practice = signal(null);
export const failure = signal(/** @type {"not_found" | "unreachable" | "not_withdrawn" | "already_answered" | null} */ (null));
export const isWithdrawing = signal(false);

const withdrawalKey = crypto.randomUUID();
const pathParams = () => ({ manage_token: decodeUrlPart(location.hash.slice(1)) || "-" });

export async function load() {
  failure.value = null;
  await fetchRequest();
}

async function fetchRequest() {
  const { data, problem } = await toResult(api.GET("/public/requests/{manage_token}", { params: { path: pathParams() } }));
  if (problem) {
    request.value = null;
    failure.value = problem.status === 404 ? "not_found" : "unreachable";
    return;
  }
  request.value = data;
  if (!practice.value) await fetchPractice(data.practice.id);
}

/**
 * Loads the names of services and practitioners. Without them the page still works and shows less.
 *
 * @param {string} practice_id
 */
async function fetchPractice(practice_id) {
  const { data } = await toResult(api.GET("/public/practices/{practice_id}", { params: { path: { practice_id } } }));
  if (data) {
    setDefaultLanguage(data.language);
    practice.value = data;
  }
}

export async function withdraw() {
  if (isWithdrawing.value) return;
  isWithdrawing.value = true;
  failure.value = null;
  const { data, problem } = await toResult(
    api.POST("/public/requests/{manage_token}/withdraw", {
      params: { path: pathParams(), header: { "Idempotency-Key": withdrawalKey } },
    }),
  );
  isWithdrawing.value = false;
  if (data) {
    request.value = data;
  } else if (problem.status === 409) {
    await fetchRequest();
    failure.value ??= "already_answered";
  } else {
    failure.value = problem.status === 404 ? "not_found" : "not_withdrawn";
  }
}
