/** Formats relative times, durations and percentages in the language of the page. */
import { language } from "../shared/language.js";
import { t } from "./texts.js";

/**
 * How long ago a moment was, in one unit: "5 min. ago", "il y a 2 h".
 *
 * @param {string} moment RFC 3339
 * @param {number} now milliseconds
 */
export const formatAgo = (moment, now) => formatRelative(Math.min(minutesUntil(moment, now), 0));

/**
 * How long until a moment: "in 2 hr.", "dans 2 h". Unlike a time of day it needs no time zone.
 *
 * @param {string} moment RFC 3339
 * @param {number} now milliseconds
 */
export const formatUntil = (moment, now) => formatRelative(Math.max(minutesUntil(moment, now), 1));

/**
 * @param {string} moment
 * @param {number} now
 */
const minutesUntil = (moment, now) => Math.round((Date.parse(moment) - now) / 60_000);

/** @param {number} minutes negative ones have passed */
function formatRelative(minutes) {
  const formatter = new Intl.RelativeTimeFormat(language.value, { style: "short", numeric: "auto" });
  const size = Math.abs(minutes);
  if (size < 1) return t.value.justNow;
  if (size < 60) return formatter.format(minutes, "minute");
  if (size < 48 * 60) return formatter.format(Math.round(minutes / 60), "hour");
  return formatter.format(Math.round(minutes / 60 / 24), "day");
}

/** @param {number} minutes "45 min", "1 h 30" */
export function formatDuration(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return `${minutes} min`;
  return rest ? `${hours} h ${String(rest).padStart(2, "0")}` : `${hours} h`;
}

/** @param {number | null} share from 0 to 1 */
export const formatPercent = (share) =>
  share === null ? "–" : new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: 0 }).format(share);
