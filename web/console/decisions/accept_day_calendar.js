/** Day calendar in the Accept dialog: the drafted appointment can be dragged to another time or chair, and resized. */
import { html } from "htm/preact";
import { addDays, formatLongDate, formatTime } from "../../shared/wall_time.js";
import { appointmentEvents, closedHourEvents, eventTimes, visibleHours } from "../schedule/calendar_events.js";
import { DayCalendar, DRAFT_EVENT_ID } from "../schedule/day_calendar.js";
import { problemText, t } from "../texts.js";
import { dayOf, timeOf } from "./appointment_draft.js";
import { suggestChair } from "./find_obstacles.js";

/** @typedef {import("../staff_api.js").Schemas} Schemas */
/**
 * @typedef {object} Props
 * @property {import("../practice.js").Practice} practice
 * @property {Schemas["DaySchedule"] | null} day
 * @property {import("../staff_api.js").Problem | null} problem
 * @property {() => void} onRetry
 * @property {import("../staff_api.js").Request} request
 * @property {import("./appointment_draft.js").Draft} draft
 * @property {Schemas["Obstacle"][]} obstacles
 * @property {(change: Partial<import("./appointment_draft.js").Draft>) => void} onEdit
 */

/** @param {Props} props */
export function AcceptDayCalendar({ practice, day, problem, onRetry, request, draft, obstacles, onEdit }) {
  const texts = t.value;
  const date = dayOf(draft);
  /** @param {number} days */
  const changeDay = (days) => onEdit({ start: `${addDays(date, days)}T${timeOf(draft)}` });
  const hours = visibleHours(practice, day, [draft, ...(isRequestedDay(request, date) ? [request.requested] : [])]);
  const chairs = day?.chairs ?? practice.chairs.filter((one) => one.active);
  return html`
    <section class="accept-day" aria-label=${texts.accept.schedule}>
      <div class="day-head">
        <button type="button" class="plain" onClick=${() => changeDay(-1)} aria-label=${texts.dayBefore}>‹</button>
        <h3 aria-live="polite">${formatLongDate(date)}</h3>
        <button type="button" class="plain" onClick=${() => changeDay(1)} aria-label=${texts.dayAfter}>›</button>
      </div>
      <p class="legend">
        <span class="swatch wanted"></span>${texts.accept.legend.wanted}
        <span class="swatch taken"></span>${texts.accept.legend.taken}
        <span class="swatch in-the-way"></span>${texts.accept.legend.inTheWay}
        <span class="swatch asked"></span>${texts.accept.legend.asked}
      </p>
      ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}
        <button type="button" class="button" onClick=${onRetry}>${texts.tryAgain}</button></p>`}
      <${DayCalendar} day=${date} chairs=${chairs} hours=${hours} label=${`${texts.accept.schedule}: ${formatLongDate(date)}`}
        events=${day ? calendarEvents(practice, day, request, draft, obstacles, hours) : []}
        onMove=${(/** @type {import("../schedule/day_calendar.js").Position} */ position) => onEdit(position)} />
      <p class="hint">${texts.accept.drag}</p>
    </section>
  `;
}

/**
 * @param {import("../practice.js").Practice} practice
 * @param {Schemas["DaySchedule"]} day
 * @param {import("../staff_api.js").Request} request
 * @param {import("./appointment_draft.js").Draft} draft
 * @param {Schemas["Obstacle"][]} obstacles
 * @param {[number, number]} hours
 * @returns {import("../schedule/day_calendar.js").EventInput[]}
 */
function calendarEvents(practice, day, request, draft, obstacles, hours) {
  const obstacleIds = new Set(obstacles.flatMap((one) => (one.appointment_id ? [one.appointment_id] : [])));
  const { patient, requested } = request;
  const name = `${patient.first_name} ${patient.last_name}`;
  const chair = suggestChair(practice, day, draft);
  const hasMoved = draft.start !== requested.start.slice(0, 16) || (requested.chair_id ?? chair) !== chair;
  return [
    ...closedHourEvents(practice, day, hours),
    ...appointmentEvents(day, obstacleIds),
    ...(isRequestedDay(request, day.date) && hasMoved
      ? [{
          id: "asked",
          resourceIds: [requested.chair_id ?? chair],
          ...eventTimes(day.date, requested.start, requested.duration_minutes),
          title: t.value.accept.legend.asked,
          classNames: ["asked"],
          display: /** @type {const} */ ("background"),
        }]
      : []),
    {
      id: DRAFT_EVENT_ID,
      resourceIds: [chair],
      ...eventTimes(day.date, draft.start, draft.duration_minutes),
      title: `${name}\n${formatTime(draft.start)}`,
      classNames: obstacles.length ? ["wanted", "clashes"] : ["wanted"],
    },
  ];
}

/** @param {import("../staff_api.js").Request} request @param {string} date */
const isRequestedDay = (request, date) => request.requested.start.startsWith(date);
