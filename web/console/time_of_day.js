/** Converts times of the day ("14:30") to minutes since midnight and back. */

/** @param {string} time of the day, as minutes since midnight on the clock */
export const toMinutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** @param {number} minutes since midnight */
export function toTimeOfDay(minutes) {
  const within = Math.min(Math.max(Math.round(minutes), 0), 24 * 60 - 1);
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}
