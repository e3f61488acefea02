/** Converts a day's appointments and closed hours into events for the calendar. */
import { nameOf } from "../practice.js";
import { closesAt, openStretches } from "../open_stretches.js";
import { t } from "../texts.js";
import { toMinutes, toTimeOfDay } from "../time_of_day.js";

/** @typedef {import("../staff_api.js").Schemas} Schemas */
/** @typedef {Schemas["DaySchedule"]} ScheduleDay */
/** @typedef {import("./day_calendar.js").EventInput} EventInput */

/**
 * The appointments of the day, each in the column of its chair.
 *
 * @param {ScheduleDay} day
 * @param {ReadonlySet<string>} obstacleIds ids of the appointments to mark as conflicts
 * @returns {EventInput[]}
 */
export function appointmentEvents(day, obstacleIds) {
  return day.chairs.flatMap((chair) =>
    chair.busy.map((busy) => {
      const known = day.appointments.find((one) => one.id === busy.appointment_id);
      const names = [known?.patient?.first_name, known?.patient?.last_name].filter(Boolean).join(" ");
      const patient = known && !known.patient ? t.value.blocked : names;
      const about = [nameOf(known?.service_id), nameOf(known?.practitioner_id)].filter(Boolean).join(" · ");
      return {
        id: busy.appointment_id,
        resourceIds: [chair.id],
        ...eventTimes(day.date, busy.start, busy.duration_minutes),
        title: [patient, about].filter(Boolean).join("\n"),
        classNames: obstacleIds.has(busy.appointment_id) ? ["taken", "in-the-way"] : ["taken"],
        startEditable: false,
        durationEditable: false,
      };
    }),
  );
}

/**
 * Start and end of an event in the calendar's format; it ends at midnight at the latest.
 *
 * @param {string} day
 * @param {string} start
 * @param {number} minutes
 */
export function eventTimes(day, start, minutes) {
  const begins = toMinutes(start.slice(11));
  return { start: `${day}T${toTimeOfDay(begins)}:00`, end: `${day}T${toTimeOfDay(begins + minutes)}:00` };
}

/**
 * The hours when the practice is closed, as background across all chairs.
 *
 * @param {import("../practice.js").Practice} practice
 * @param {ScheduleDay} day
 * @param {readonly [number, number]} hours
 * @returns {EventInput[]}
 */
export function closedHourEvents(practice, day, hours) {
  if (!practice.hours) return [];
  const open = openStretches(practice.hours.weekly, day.date).filter(({ chair_id }) => !chair_id);
  /** @type {EventInput[]} */
  const closed = [];
  let from = hours[0];
  for (const { opens, closes } of [...open, { opens: hours[1], closes: hours[1] }]) {
    const until = Math.min(opens, hours[1]);
    if (until > from) closed.push(closedHourEvent(day, from, until));
    from = Math.max(from, closes);
  }
  return closed;
}

/**
 * The hours to show: the opening hours, extended to every appointment and to `more`.
 *
 * @param {import("../practice.js").Practice} practice
 * @param {ScheduleDay | null} day
 * @param {{start: string, duration_minutes: number}[]} more
 * @returns {[number, number]}
 */
export function visibleHours(practice, day, more) {
  const weekly = practice.hours?.weekly ?? [];
  const busy = [...(day?.chairs.flatMap((chair) => chair.busy) ?? []), ...more];
  const passesMidnight = weekly.some((one) => closesAt(one) > 24 * 60);
  const begins = [...weekly.map((one) => (passesMidnight ? 0 : toMinutes(one.start))), ...busy.map((one) => toMinutes(one.start.slice(11)))];
  const ends = [
    ...weekly.map(closesAt),
    ...busy.map((one) => toMinutes(one.start.slice(11)) + one.duration_minutes),
  ];
  const first = Math.floor(Math.min(...begins, 9 * 60) / 60) * 60;
  const last = Math.min(Math.ceil(Math.max(...ends, 17 * 60) / 60) * 60, 24 * 60 - 1);
  return [first, last];
}

/** @param {ScheduleDay} day @param {number} from @param {number} to @returns {EventInput} */
const closedHourEvent = (day, from, to) => ({
  id: `closed-${from}`,
  display: "background",
  classNames: ["closed"],
  start: `${day.date}T${toTimeOfDay(from)}:00`,
  end: `${day.date}T${toTimeOfDay(to)}:00`,
  resourceIds: day.chairs.map((chair) => chair.id),
});
