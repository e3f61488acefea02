/** The practice that the booking page belongs to, loaded by the id in the path. */
import { signal } from "@preact/signals";
import { api, toResult } from "../shared/api_client.js";
import { setDefaultLanguage } from "../shared/language.js";
import { decodeUrlPart } from "../shared/url_parts.js";

/** @typedef {import("../shared/api_client.js").Schemas["PublicPractice"]} Practice */

export const practiceId = decodeUrlPart(location.pathname.split("/")[2] ?? "");

/** @type {import("@preact/signals").Signal<Practice | null>} */
export const practice = signal(null);

/** Why the practice could not be loaded; null while it loads and afterwards. */
export const loadError = signal(/** @type {"no_practice" | "page_failed" | null} */ (null));

export async function loadPractice() {
  loadError.value = null;
  const { data, problem } = await toResult(
    api.GET("/public/practices/{practice_id}", { params: { path: { practice_id: practiceId } } }),
  );
  if (problem) {
    loadError.value = problem.status === 404 ? "no_practice" : "page_failed";
  } else {
    setDefaultLanguage(data.language);
    practice.value = data;
  }
}
