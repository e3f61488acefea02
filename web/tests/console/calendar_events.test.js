import "../browser_stubs.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { appointmentEvents, closedHourEvents, eventTimes, visibleHours } from "../../console/schedule/calendar_events.js";

const NOON_BREAK = [
  { weekday: 3, start: "13:00:00", end: "17:00:00", chair_id: null },
  { weekday: 3, start: "09:00:00", end: "12:00:00", chair_id: null },
];
/** @param {object[] | null} weekly */
const practice = (weekly) => /** @type {any} */ ({ hours: weekly && { weekly, closures: [] } });
/** @param {object[]} busy */
const wednesday = (...busy) =>
  /** @type {any} */ ({
    date: "2026-07-15",
    chairs: [{ id: "chr_a", busy }, { id: "chr_b", busy: [] }],
    appointments: [{ id: "apt_1", patient: { first_name: "Ada", last_name: "King" }, service_id: null, practitioner_id: null }],
  });
const busyAt = (/** @type {string} */ time, duration_minutes = 30) => ({
  appointment_id: "apt_1", start: `2026-07-15T${time}:00-07:00`, duration_minutes,
});
const closedTimes = (/** @type {any} */ at) =>
  closedHourEvents(at, wednesday(), [8 * 60, 18 * 60]).map(({ start, end }) => [String(start).slice(11, 16), String(end).slice(11, 16)]);

describe("The events of the calendar", () => {
  test("An appointment stands in the column of its chair, with the patient's name", () => {
    const [event] = appointmentEvents(wednesday(busyAt("10:00")), new Set());
    assert.deepEqual([event?.resourceIds, event?.title, event?.start, event?.end], [["chr_a"], "Ada King", "2026-07-15T10:00:00", "2026-07-15T10:30:00"]);
  });

  test("A patient with one name is shown with that name", () => {
    const day = wednesday(busyAt("10:00"));
    day.appointments[0].patient = { first_name: null, last_name: "Sukarni" };
    assert.equal(appointmentEvents(day, new Set())[0]?.title, "Sukarni");
  });

  test("Only an appointment that is in the way is marked", () => {
    const classes = (/** @type {string[]} */ ids) => appointmentEvents(wednesday(busyAt("10:00")), new Set(ids))[0]?.classNames;
    assert.deepEqual(classes(["apt_1"]), ["taken", "in-the-way"]);
    assert.deepEqual(classes(["apt_2"]), ["taken"]);
  });

  test("An event ends at midnight at the latest", () => {
    assert.equal(eventTimes("2026-07-15", "2026-07-15T23:30:00-07:00", 60).end, "2026-07-15T23:59:00");
  });

  test("The practice is closed before, between and after its hours, in whichever order they come", () => {
    assert.deepEqual(closedTimes(practice(NOON_BREAK)), [["08:00", "09:00"], ["12:00", "13:00"], ["17:00", "18:00"]]);
  });

  test("A practice without hours on record is not drawn as closed", () => assert.deepEqual(closedTimes(practice(null)), []));

  test("A practice without hours on that weekday is closed all day", () => {
    assert.deepEqual(closedTimes(practice([{ ...NOON_BREAK[0], weekday: 4 }])), [["08:00", "18:00"]]);
  });

  test("Hours of a single chair do not open the practice", () => {
    assert.deepEqual(closedTimes(practice([{ ...NOON_BREAK[0], chair_id: "chr_a" }])), [["08:00", "18:00"]]);
  });

  test("Hours that pass midnight open the night on both days, and the calendar shows all of the day", () => {
    const night = { ...NOON_BREAK[0], start: "16:00:00", end: "09:00:00", ends_next_day: true };
    assert.deepEqual(closedTimes(practice([night])), [["08:00", "16:00"]]);
    assert.deepEqual(closedTimes(practice([{ ...night, weekday: 2 }])), [["09:00", "18:00"]]);
    assert.deepEqual(visibleHours(practice([night]), null, []), [0, 24 * 60 - 1]);
  });

  test("A block-out says that it is one", () => {
    const day = wednesday(busyAt("10:00"));
    day.appointments[0].patient = null;
    assert.equal(appointmentEvents(day, new Set())[0]?.title, "Blocked");
  });

  test("Nine to five is always visible", () => assert.deepEqual(visibleHours(practice(null), null, []), [9 * 60, 17 * 60]));

  test("The visible hours reach to every appointment, in full hours, and to midnight at most", () => {
    assert.deepEqual(visibleHours(practice(null), wednesday(busyAt("07:30"), busyAt("18:10")), []), [7 * 60, 19 * 60]);
    assert.deepEqual(visibleHours(practice(null), null, [busyAt("23:30", 60)]), [9 * 60, 24 * 60 - 1]);
  });
});
