/** The patient's own request. The link's fragment is the only key to it, and stays where it is: in the address bar. */
import { signal } from "@preact/signals";
import { answer, api } from "../shared/api_client.js";
import { speakIfUnsure } from "../shared/language.js";

/** @typedef {import("../shared/api_client.js").Schemas["OwnRequest"]} OwnRequest */

/** @type {import("@preact/signals").Signal<OwnRequest | null>} */
export const request = signal(null);
/** @type {import("@preact/signals").Signal<import("../shared/api_client.js").Schemas["PublicPractice"] | null>} */
export const practice = signal(null);
export const trouble = signal(/** @type {"not_found" | "unreachable" | "not_withdrawn" | "overtaken" | null} */ (null));
export const withdrawing = signal(false);

const key = crypto.randomUUID();
const path = () => ({ manage_token: decodeURIComponent(location.hash.slice(1)) || "-" });

export async function load() {
  trouble.value = null;
  await read();
}

async function read() {
  const { data, problem } = await answer(api.GET("/public/requests/{manage_token}", { params: { path: path() } }));
  if (problem) {
    request.value = null;
    trouble.value = problem.status === 404 ? "not_found" : "unreachable";
    return;
  }
  request.value = data;
  if (!practice.value) await readPractice(data.practice.id);
}

/** Names of services and people; without them the page says a little less. @param {string} practice_id */
async function readPractice(practice_id) {
  const { data } = await answer(api.GET("/public/practices/{practice_id}", { params: { path: { practice_id } } }));
  if (data) {
    speakIfUnsure(data.language);
    practice.value = data;
  }
}

export async function withdraw() {
  if (withdrawing.value) return;
  withdrawing.value = true;
  trouble.value = null;
  const { data, problem } = await answer(
    api.POST("/public/requests/{manage_token}/withdraw", {
      params: { path: path(), header: { "Idempotency-Key": key } },
    }),
  );
  withdrawing.value = false;
  if (data) {
    request.value = data;
  } else if (problem.status === 409) {
    await read();
    trouble.value ??= "overtaken";
  } else {
    trouble.value = problem.status === 404 ? "not_found" : "not_withdrawn";
  }
}
