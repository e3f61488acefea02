/** The texts of the console, in the language of the page. */
import { textsFor } from "../shared/language.js";
import { en } from "./texts/en.js";
import { fr } from "./texts/fr.js";

export const t = textsFor({ en, fr });

/** @param {import("../shared/api_client.js").Problem} problem of any type; returns a sentence for staff */
export function problemText(problem) {
  const known = /** @type {Record<string, string>} */ (t.value.problems);
  return known[problem.type] ?? problem.detail ?? problem.title ?? t.value.problems["internal-error"];
}
