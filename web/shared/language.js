/** Which language the page speaks. Catalogues are modules; `tsc` holds each to the English one. */
import { computed, effect, signal } from "@preact/signals";

/** @typedef {"en" | "fr"} Language */

/** @type {readonly Language[]} */
export const LANGUAGES = ["en", "fr"];

const requestedLanguage = firstSupported([...new URLSearchParams(location.search).getAll("lang"), ...navigator.languages]);

export const language = signal(requestedLanguage ?? "en");
effect(() => {
  document.documentElement.lang = language.value;
});

/**
 * Speak this one to somebody who asked for none that we speak.
 *
 * @param {Language} fallback
 */
export function setDefaultLanguage(fallback) {
  if (!requestedLanguage) language.value = fallback;
}

/**
 * The catalogue of the page's language, as a signal.
 *
 * @template T
 * @param {Record<Language, T>} catalogues
 */
export function textsFor(catalogues) {
  return computed(() => catalogues[language.value]);
}

/**
 * The first of these languages that we speak.
 *
 * @param {readonly string[]} tags BCP 47, the best first
 */
function firstSupported(tags) {
  const codes = tags.map((tag) => tag.slice(0, 2).toLowerCase());
  return codes.map((tongue) => LANGUAGES.find((known) => known === tongue)).find((known) => known !== undefined);
}
