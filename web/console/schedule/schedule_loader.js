/** Hook that loads a day's schedule and polls it. */
import { useState } from "preact/hooks";
import { decisionCount } from "../decisions/decision_actions.js";
import { usePolling } from "../polling.js";
import { api, practicePath, toResult } from "../staff_api.js";

/** @typedef {import("../staff_api.js").Schemas["DaySchedule"]} ScheduleDay */

const POLL_SECONDS = 10;

/** @param {string} date */
export function useSchedule(date) {
  const [day, setDay] = useState(/** @type {ScheduleDay | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const load = async () => {
    const call = { params: { path: practicePath(), query: { date } } };
    const { data, problem: failed } = await toResult(api.GET("/practices/{practice_id}/schedule", call));
    if (data) setDay(data);
    setProblem(failed ?? null);
  };
  usePolling(load, POLL_SECONDS, [date, decisionCount.value]);
  return { day: day?.date === date ? day : null, problem, load };
}
