/** Which language the page speaks. Catalogues are modules; `tsc` holds each to the English one. */
import { computed, signal } from "@preact/signals";

/** @typedef {"en" | "fr"} Language */

/** @type {readonly Language[]} */
export const LANGUAGES = ["en", "fr"];

export const language = signal(preferred([...new URLSearchParams(location.search).getAll("lang"), ...navigator.languages]));

/**
 * The catalogue of the page's language, as a signal.
 *
 * @template T
 * @param {Record<Language, T>} catalogues
 */
export function words(catalogues) {
  return computed(() => catalogues[language.value]);
}

/**
 * The first of these languages that we speak.
 *
 * @param {readonly string[]} wanted BCP 47 tags, the best first
 * @returns {Language}
 */
export function preferred(wanted) {
  const tongues = wanted.map((tag) => tag.slice(0, 2).toLowerCase());
  return LANGUAGES.find((one) => one === tongues.find((tongue) => LANGUAGES.some((known) => known === tongue))) ?? "en";
}
