/** The console's words in the language of whoever reads. */
import { language, words } from "../shared/language.js";
import { en } from "./texts/en.js";
import { fr } from "./texts/fr.js";

export const t = words({ en, fr });

/**
 * How long ago that was, in one unit: "5 min. ago", "il y a 2 h".
 *
 * @param {string} moment RFC 3339
 * @param {number} now milliseconds
 */
export const ago = (moment, now) => inOneUnit(Math.min(minutesUntil(moment, now), 0));

/**
 * How long it is until then: "in 2 hr.", "dans 2 h". It needs no zone, unlike a time of day.
 *
 * @param {string} moment RFC 3339
 * @param {number} now milliseconds
 */
export const until = (moment, now) => inOneUnit(Math.max(minutesUntil(moment, now), 1));

/**
 * @param {string} moment
 * @param {number} now
 */
const minutesUntil = (moment, now) => Math.round((Date.parse(moment) - now) / 60_000);

/** @param {number} minutes negative ones have passed */
function inOneUnit(minutes) {
  const say = new Intl.RelativeTimeFormat(language.value, { style: "short", numeric: "auto" });
  const size = Math.abs(minutes);
  if (size < 1) return t.value.justNow;
  if (size < 60) return say.format(minutes, "minute");
  if (size < 48 * 60) return say.format(Math.round(minutes / 60), "hour");
  return say.format(Math.round(minutes / 60 / 24), "day");
}

/** @param {number} minutes "45 min", "1 h 30" */
export function length(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return `${minutes} min`;
  return rest ? `${hours} h ${String(rest).padStart(2, "0")}` : `${hours} h`;
}

/** @param {import("../shared/api_client.js").Problem} problem a refusal in words, whatever it is */
export function sayProblem(problem) {
  const known = /** @type {Record<string, string>} */ (t.value.problems);
  return known[problem.type] ?? problem.detail ?? problem.title ?? t.value.problems["internal-error"];
}
