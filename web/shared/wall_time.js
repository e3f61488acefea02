/**
 * Formats dates and times in the practice's wall time. The API sends wall time with its offset. We show it as sent and
 * never convert it, because a browser's time-zone rules may be older than the practice's (they changed in 2026).
 */
import { language } from "./language.js";

const LOCALES = { en: "en-CA", fr: "fr-CA" };

/**
 * Reads an RFC 3339 date or time into a Date whose UTC fields hold the wall time.
 *
 * @param {string} text
 */
export function asUtcDate(text) {
  return new Date(`${text.slice(0, 16)}${text.length > 10 ? ":00" : "T00:00:00"}Z`);
}

/** @param {string} text "3:00 p.m.", "15 h" */
export const formatTime = (text) => formatDate(text, { hour: "numeric", minute: "2-digit" });

/** @param {string} text "Wednesday, July 15, 2026" */
export const formatLongDate = (text) => formatDate(text, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** @param {string} text "Wed, Jul 15" */
export const formatShortDate = (text) => formatDate(text, { weekday: "short", day: "numeric", month: "short" });

/**
 * "Jul 15 – 21"
 *
 * @param {string} from
 * @param {string} to
 */
export function formatDateRange(from, to) {
  const format = new Intl.DateTimeFormat(LOCALES[language.value], { month: "short", day: "numeric", timeZone: "UTC" });
  return format.formatRange(asUtcDate(from), asUtcDate(to));
}

/**
 * @param {string} text
 * @param {Intl.DateTimeFormatOptions} parts
 */
export function formatDate(text, parts) {
  return new Intl.DateTimeFormat(LOCALES[language.value], { ...parts, timeZone: "UTC" }).format(asUtcDate(text));
}

/**
 * Whether the text is a date of the calendar, written YYYY-MM-DD.
 *
 * @param {string} text
 */
export function isDay(text) {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? asUtcDate(text) : new Date(NaN);
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(text);
}

/**
 * The date a number of days later, or earlier if negative.
 *
 * @param {string} day YYYY-MM-DD
 * @param {number} days
 */
export function addDays(day, days) {
  const date = asUtcDate(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/**
 * Today's date in a time zone. With outdated zone rules in the browser it may be wrong for an hour around midnight.
 *
 * @param {string} zone IANA name
 */
export function today(zone) {
  return new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone: zone }).format(new Date());
}
