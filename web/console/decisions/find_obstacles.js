/**
 * Finds the obstacles of a draft in the day's schedule, so that conflicts show before anybody clicks Accept. The API
 * checks again when the decision is sent, and its answer counts.
 */
import { toMinutes } from "../time_of_day.js";
import { dayOf, timeOf } from "./appointment_draft.js";

/** @typedef {import("../staff_api.js").Schemas} Schemas */
/** @typedef {Schemas["ScheduleDay"]} ScheduleDay */
/** @typedef {Schemas["Obstacle"]} Obstacle */
/** @typedef {import("./appointment_draft.js").Draft} Draft */

/**
 * @param {import("../practice.js").Practice} practice
 * @param {ScheduleDay} day
 * @param {Draft} draft
 * @returns {Obstacle[]}
 */
export function findObstacles(practice, day, draft) {
  const chair = practice.chairs.find((one) => one.id === draft.chair_id);
  const person = practice.practitioners.find((one) => one.id === draft.practitioner_id);
  return [
    ...(isWithinHours(practice.hours, draft) ? [] : [closedObstacle("practice_closed", null)]),
    ...(chair && !isWithinHours(chair.hours, draft) ? [closedObstacle("chair_closed", chair.id)] : []),
    ...(person && !isWithinHours(person.hours, draft) ? [closedObstacle("practitioner_away", person.id)] : []),
    ...busyObstacles("chair_busy", day.chairs.find((one) => one.id === draft.chair_id), draft),
    ...busyObstacles("practitioner_busy", day.practitioners.find((one) => one.id === draft.practitioner_id), draft),
  ];
}

/**
 * The chair in which a draft without a chair is drawn: the first free one, or else the first.
 *
 * @param {import("../practice.js").Practice} practice
 * @param {ScheduleDay} day
 * @param {Draft} draft
 */
export function suggestChair(practice, day, draft) {
  if (draft.chair_id) return draft.chair_id;
  const free = day.chairs.find((one) => !findObstacles(practice, day, { ...draft, chair_id: one.id }).length);
  return (free ?? day.chairs[0])?.id ?? "";
}

/**
 * Whether the hours cover the whole draft. Adjacent intervals count as one.
 *
 * @param {Schemas["Hours"] | null | undefined} hours
 * @param {Draft} draft
 */
function isWithinHours(hours, draft) {
  if (!hours) return true;
  const [from, to] = minuteRange(timeOf(draft), draft.duration_minutes);
  const weekday = new Date(`${dayOf(draft)}T00:00:00Z`).getUTCDay() || 7;
  const openUntil = hours.weekly
    .filter((one) => one.weekday === weekday && (!one.chair_id || one.chair_id === draft.chair_id))
    .map((one) => [toMinutes(one.start), toMinutes(one.end)])
    .sort(([one = 0], [other = 0]) => one - other)
    .reduce((reached, [opens = 0, closes = 0]) => (opens <= reached ? Math.max(reached, closes) : reached), from);
  const end = `${dayOf(draft)}T${timeOfDay(to)}`;
  return to <= openUntil && !hours.closures.some((one) => one.start.slice(0, 16) < end && draft.start < one.end.slice(0, 16));
}

/**
 * @param {"chair_busy" | "practitioner_busy"} code
 * @param {Schemas["Column"] | undefined} column
 * @param {Draft} draft
 * @returns {Obstacle[]}
 */
function busyObstacles(code, column, draft) {
  const [from, to] = minuteRange(timeOf(draft), draft.duration_minutes);
  return (column?.busy ?? [])
    .filter((busy) => {
      const [begins, ends] = minuteRange(busy.start.slice(11, 16), busy.duration_minutes);
      return begins < to && from < ends;
    })
    .map((busy) => ({ code, resource_id: column?.id ?? null, ...busy }));
}

/**
 * @param {"practice_closed" | "chair_closed" | "practitioner_away"} code
 * @param {string | null} resource_id
 * @returns {Obstacle}
 */
const closedObstacle = (code, resource_id) => ({ code, resource_id, appointment_id: null, start: null, duration_minutes: null });

/** @param {string} time @param {number} minutes @returns {[number, number]} */
const minuteRange = (time, minutes) => [toMinutes(time), toMinutes(time) + minutes];

/** @param {number} minutes */
const timeOfDay = (minutes) => new Date(minutes * 60_000).toISOString().slice(11, 16);
