/** The language of the page, and the texts in it. `tsc` checks that each language has the same keys as English. */
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
 * Uses this language if neither the address nor the browser asks for a supported one.
 *
 * @param {Language} fallback
 */
export function setDefaultLanguage(fallback) {
  if (!requestedLanguage) language.value = fallback;
}

/**
 * The texts in the page's language, as a signal.
 *
 * @template T
 * @param {Record<Language, T>} catalogues
 */
export function textsFor(catalogues) {
  return computed(() => catalogues[language.value]);
}

/**
 * The first supported language of the list.
 *
 * @param {readonly string[]} tags BCP 47, most preferred first
 */
function firstSupported(tags) {
  const codes = tags.map((tag) => tag.slice(0, 2).toLowerCase());
  return codes.map((tongue) => LANGUAGES.find((known) => known === tongue)).find((known) => known !== undefined);
}
