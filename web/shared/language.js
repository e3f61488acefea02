/** Which language the page speaks. Catalogues are modules; `tsc` holds each to the English one. */
import { computed, effect, signal } from "@preact/signals";

/** @typedef {"en" | "fr"} Language */

/** @type {readonly Language[]} */
export const LANGUAGES = ["en", "fr"];

const wanted = preferred([...new URLSearchParams(location.search).getAll("lang"), ...navigator.languages]);

export const language = signal(wanted ?? "en");
effect(() => {
  document.documentElement.lang = language.value;
});

/**
 * Speak this one to somebody who asked for none that we speak.
 *
 * @param {Language} fallback
 */
export function speakIfUnsure(fallback) {
  if (!wanted) language.value = fallback;
}

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
 * @param {readonly string[]} tags BCP 47, the best first
 */
function preferred(tags) {
  const tongues = tags.map((tag) => tag.slice(0, 2).toLowerCase());
  return tongues.map((tongue) => LANGUAGES.find((known) => known === tongue)).find((known) => known !== undefined);
}
