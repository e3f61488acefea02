/** The schedule screen: all appointments of a day by chair, and the pending requests for that day. */
import { html } from "htm/preact";
import { addDays, formatLongDate, formatTime, isDay, today } from "../../shared/wall_time.js";
import { openDialog } from "../open_dialog.js";
import { formatDuration } from "../format_durations_and_percentages.js";
import { canCreate, nameOf, practice } from "../practice.js";
import { StatusBadge } from "../request_status/status_badge.js";
import { navigate, pathTo } from "../router.js";
import { problemText, t } from "../texts.js";
import { appointmentEvents, closedHourEvents, visibleHours } from "./calendar_events.js";
import { DayCalendar } from "./day_calendar.js";
import { useSchedule } from "./schedule_loader.js";

/** @param {{day?: string}} props */
export function SchedulePage({ day: requestedDate }) {
  const texts = t.value;
  const currentPractice = practice.value;
  const date = requestedDate && isDay(requestedDate) ? requestedDate : today(currentPractice?.timezone ?? "UTC");
  const { day, problem, load } = useSchedule(date);
  if (!currentPractice) return null;
  const hours = visibleHours(currentPractice, day, []);
  /** @param {number} days */
  const changeDay = (days) => navigate(pathTo("schedule", addDays(date, days)));
  return html`
    <div class="day-head">
      <h1 aria-live="polite">${formatLongDate(date)}</h1>
      <button type="button" class="button" onClick=${() => changeDay(-1)} aria-label=${texts.dayBefore}>‹</button>
      <button type="button" class="button" onClick=${() => changeDay(1)} aria-label=${texts.dayAfter}>›</button>
      <a class="button" href=${pathTo("schedule")}>${texts.today}</a>
      <label class="pick"><span>${texts.day}</span>
        <input type="date" value=${date}
          onChange=${(/** @type {any} */ event) => event.target.value && navigate(pathTo("schedule", event.target.value))} /></label>
    </div>
    ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}
      <button type="button" class="button" onClick=${load}>${texts.tryAgain}</button></p>`}
    <div class="day">
      <${DayCalendar} day=${date} chairs=${day?.chairs ?? currentPractice.chairs.filter((one) => one.active)} hours=${hours}
        label=${`${texts.screens["schedule"]}: ${formatLongDate(date)}`}
        events=${day ? [...closedHourEvents(currentPractice, day, hours), ...appointmentEvents(day, new Set())] : []} />
      <section class="asking" aria-labelledby="asking-title">
        <h2 id="asking-title">${texts.requestsOfDay}</h2>
        ${day && !day.requests.length && html`<p class="hint">${texts.noRequestsOfDay}</p>`}
        <ul>
          ${day?.requests.map(
            (request) => html`<li key=${request.id}>
              <${StatusBadge} request=${request} />
              <a href=${pathTo("requests", request.id)}>${request.patient.first_name} ${request.patient.last_name}</a>
              <span>${formatTime(request.requested.start)} · ${formatDuration(request.requested.duration_minutes)} · ${nameOf(request.requested.practitioner_id) || texts.anyone}</span>
              <button type="button" class="button" aria-label=${`${texts.verbs[canCreate() ? "accept" : "link"]}: ${request.patient.first_name} ${request.patient.last_name}`}
                onClick=${() => (openDialog.value = { kind: canCreate() ? "accept" : "link", request })}>
                ${texts.verbs[canCreate() ? "accept" : "link"]}</button>
            </li>`,
          )}
        </ul>
      </section>
    </div>
  `;
}
