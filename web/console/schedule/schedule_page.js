/** The schedule screen: all appointments of a day by chair, and the pending requests for that day. */
import { html } from "htm/preact";
import { formatTime, addDays, formatLongDate, today } from "../../shared/wall_time.js";
import { openDialog } from "../dialogs.js";
import { canCreate, nameOf, practice } from "../practice.js";
import { pathTo, navigate } from "../router.js";
import { formatDuration } from "../formatting.js";
import { problemText, t } from "../texts.js";
import { StatusBadge } from "../request_status/status_badge.js";
import { DayGrid } from "./day_calendar.js";
import { useSchedule } from "./schedule_loader.js";
import { appointmentEvents, closedHourEvents, visibleHours } from "./calendar_events.js";

/** @param {{day?: string}} props */
export function SchedulePage({ day: wanted }) {
  const say = t.value;
  const own = practice.value;
  const date = wanted && /^\d{4}-\d\d-\d\d$/.test(wanted) ? wanted : today(own?.timezone ?? "UTC");
  const { day, problem, load } = useSchedule(date);
  if (!own) return null;
  const hours = visibleHours(own, day, []);
  /** @param {number} days */
  const changeDay = (days) => navigate(pathTo("schedule", addDays(date, days)));
  return html`
    <div class="day-head">
      <h1 aria-live="polite">${formatLongDate(date)}</h1>
      <button type="button" class="button" onClick=${() => changeDay(-1)} aria-label=${say.dayBefore}>‹</button>
      <button type="button" class="button" onClick=${() => changeDay(1)} aria-label=${say.dayAfter}>›</button>
      <a class="button" href=${pathTo("schedule")}>${say.today}</a>
      <label class="pick"><span>${say.day}</span>
        <input type="date" value=${date}
          onChange=${(/** @type {any} */ event) => event.target.value && navigate(pathTo("schedule", event.target.value))} /></label>
    </div>
    ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}
      <button type="button" class="button" onClick=${load}>${say.tryAgain}</button></p>`}
    <div class="day">
      <${DayGrid} day=${date} chairs=${day?.chairs ?? own.chairs.filter((one) => one.active)} hours=${hours}
        label=${`${say.screens["schedule"]}: ${formatLongDate(date)}`}
        events=${day ? [...closedHourEvents(own, day, hours), ...appointmentEvents(day, new Set())] : []} />
      <section class="asking" aria-labelledby="asking-title">
        <h2 id="asking-title">${say.requestsOfDay}</h2>
        ${day && !day.requests.length && html`<p class="hint">${say.noRequestsOfDay}</p>`}
        <ul>
          ${day?.requests.map(
            (request) => html`<li key=${request.id}>
              <${StatusBadge} request=${request} />
              <a href=${pathTo("requests", request.id)}>${request.patient.first_name} ${request.patient.last_name}</a>
              <span>${formatTime(request.requested.start)} · ${formatDuration(request.requested.duration_minutes)} · ${nameOf(request.requested.practitioner_id) || say.anyone}</span>
              <button type="button" class="button" aria-label=${`${say.verbs[canCreate() ? "accept" : "link"]}: ${request.patient.first_name} ${request.patient.last_name}`}
                onClick=${() => (openDialog.value = { kind: canCreate() ? "accept" : "link", request })}>
                ${say.verbs[canCreate() ? "accept" : "link"]}</button>
            </li>`,
          )}
        </ul>
      </section>
    </div>
  `;
}
