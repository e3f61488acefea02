/** Business hours around a day, in minutes from its midnight. */
import { toMinutes } from "./time_of_day.js";

/** @typedef {import("./staff_api.js").Schemas} Schemas */

const MINUTES_PER_DAY = 24 * 60;

/**
 * The stretches that begin on the day, on the day before and on the day after: one may pass midnight.
 *
 * @param {Schemas["Hours"]["weekly"]} weekly
 * @param {string} day
 * @returns {{opens: number, closes: number, chair_id: string | null | undefined}[]} in order of their start
 */
export function openStretches(weekly, day) {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return [-1, 0, 1]
    .flatMap((offset) =>
      weekly
        .filter((one) => one.weekday === ((weekday + offset + 7) % 7 || 7))
        .map((one) => ({
          opens: toMinutes(one.start) + offset * MINUTES_PER_DAY,
          closes: closesAt(one) + offset * MINUTES_PER_DAY,
          chair_id: one.chair_id,
        })),
    )
    .sort((one, other) => one.opens - other.opens);
}

/**
 * When a stretch closes, in minutes from the midnight of the day on which it opens.
 *
 * @param {Schemas["OpenHours"]} one
 */
export function closesAt({ start, end, ends_next_day }) {
  return toMinutes(end) + (ends_next_day || toMinutes(end) < toMinutes(start) ? MINUTES_PER_DAY : 0);
}
