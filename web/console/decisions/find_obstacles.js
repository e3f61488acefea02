/**
 * Finds the obstacles of a draft in the day's schedule, so that conflicts show before anybody clicks Accept. The API
 * checks again when the decision is sent, and its answer counts.
 */
import { openStretches } from "../open_stretches.js";
import { toMinutes } from "../time_of_day.js";
import { dayOf, timeOf } from "./appointment_draft.js";

/** @typedef {import("../staff_api.js").Schemas} Schemas */
/** @typedef {Schemas["DaySchedule"]} ScheduleDay */
/** @typedef {Schemas["Obstacle"]} Obstacle */
/** @typedef {import("./appointment_draft.js").Draft} Draft */

/**
 * @param {import("../practice.js").Practice} practice
 * @param {ScheduleDay} day
 * @param {Draft} draft
 * @returns {Obstacle[]}
 */
export function findObstacles(practice, day, draft) {
  const { chair_id, practitioner_id, service_id } = draft;
  const chair = practice.chairs.find((one) => one.id === chair_id && one.active);
  const person = practice.practitioners.find((one) => one.id === practitioner_id && one.active);
  return [
    ...(practice.pms.freshness.is_stale ? [obstacle("pms_data_stale", null)] : []),
    ...(isWithinHours(practice.hours, draft) ? [] : [obstacle("practice_closed", null)]),
    ...(chair_id && !chair ? [obstacle("chair_unknown", chair_id)] : []),
    ...(chair && !isWithinHours(chair.hours, draft) ? [obstacle("chair_closed", chair.id)] : []),
    ...(practitioner_id && !person
      ? [obstacle(isWithdrawn(practice.practitioners, practitioner_id) ? "not_offered" : "practitioner_unknown", practitioner_id)]
      : []),
    ...(person && !isWithinHours(person.hours, draft) ? [obstacle("practitioner_away", person.id)] : []),
    ...(service_id && isWithdrawn(practice.services, service_id) ? [obstacle("not_offered", service_id)] : []),
    ...busyObstacles("chair_busy", day.chairs.find((one) => one.id === chair_id), draft),
    ...busyObstacles("practitioner_busy", day.practitioners.find((one) => one.id === practitioner_id), draft),
  ];
}

/**
 * The chair in which a draft without a chair is drawn: the first one with the fewest obstacles.
 *
 * @param {import("../practice.js").Practice} practice
 * @param {ScheduleDay} day
 * @param {Draft} draft
 */
export function suggestChair(practice, day, draft) {
  if (draft.chair_id) return draft.chair_id;
  const count = (/** @type {string} */ chair_id) => findObstacles(practice, day, { ...draft, chair_id }).length;
  const counts = day.chairs.map((one) => count(one.id));
  return day.chairs[counts.indexOf(Math.min(...counts))]?.id ?? "";
}

/**
 * Whether the practice once offered this practitioner or service and no longer does.
 *
 * @param {readonly {id: string, active: boolean}[]} offers
 * @param {string} id
 */
const isWithdrawn = (offers, id) => offers.some((one) => one.id === id && !one.active);

/**
 * Whether the hours cover the whole draft. Adjacent intervals count as one.
 *
 * @param {Schemas["Hours"] | null | undefined} hours
 * @param {Draft} draft
 */
function isWithinHours(hours, draft) {
  if (!hours) return true;
  const from = toMinutes(timeOf(draft));
  const to = from + draft.duration_minutes;
  const openUntil = openStretches(hours.weekly, dayOf(draft))
    .filter(({ chair_id }) => !chair_id || chair_id === draft.chair_id)
    .reduce((reached, { opens, closes }) => (opens <= reached ? Math.max(reached, closes) : reached), from);
  return to <= openUntil && !hours.closures.some((one) => overlaps(draft, wallMinutes(one.start), wallMinutes(one.end)));
}

/**
 * @param {"chair_busy" | "practitioner_busy"} code
 * @param {Schemas["ResourceDay"] | undefined} column
 * @param {Draft} draft
 * @returns {Obstacle[]}
 */
function busyObstacles(code, column, draft) {
  return (column?.busy ?? [])
    .filter((busy) => overlaps(draft, wallMinutes(busy.start), wallMinutes(busy.start) + busy.duration_minutes))
    .map((busy) => ({ code, resource_id: column?.id ?? null, ...busy }));
}

/**
 * @param {Schemas["ObstacleCode"]} code
 * @param {string | null} resource_id
 * @returns {Obstacle}
 */
const obstacle = (code, resource_id) => ({ code, resource_id, appointment_id: null, start: null, duration_minutes: null });

/**
 * Whether a period overlaps the draft; one may begin as the other ends.
 *
 * @param {Draft} draft
 * @param {number} begins wall minutes
 * @param {number} ends wall minutes
 */
function overlaps(draft, begins, ends) {
  const from = wallMinutes(draft.start);
  return begins < from + draft.duration_minutes && from < ends;
}

/**
 * The wall time in minutes. It counts the date too: an appointment may begin the day before. The offset is left out
 * (see shared/wall_time.js), so the night in which the clocks change may be an hour off.
 *
 * @param {string} text date and time, with or without an offset
 */
const wallMinutes = (text) => Date.parse(`${/^[\d-]+T[\d:]+/.exec(text)?.[0]}Z`) / 60_000;
