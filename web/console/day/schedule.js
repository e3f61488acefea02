/** A day's schedule from the API, kept true while it is looked at. */
import { useState } from "preact/hooks";
import { answer, api, here } from "../calls.js";
import { decided } from "../decide/decisions.js";
import { usePolling } from "../poll.js";

/** @typedef {import("../calls.js").Schemas["ScheduleDay"]} ScheduleDay */

const EVERY_SECONDS = 10;

/** @param {string} date */
export function useSchedule(date) {
  const [day, setDay] = useState(/** @type {ScheduleDay | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../calls.js").Problem | null} */ (null));
  const load = async () => {
    const call = { params: { path: here(), query: { date } } };
    const { data, problem: failed } = await answer(api.GET("/practices/{practice_id}/schedule", call));
    if (data) setDay(data);
    setProblem(failed ?? null);
  };
  usePolling(load, EVERY_SECONDS, [date, decided.value]);
  return { day: day?.date === date ? day : null, problem, load };
}
