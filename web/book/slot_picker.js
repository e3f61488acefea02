/** Service, practitioner and time. */
import { html } from "htm/preact";
import { clock, longDay, show, span, today } from "../shared/wall_time.js";
import { t } from "./texts.js";
import {
  choosePractitioner, chooseService, day, days, firstDay, hasEarlier, hasLater, lookAgain, openings, practitionerId,
  search, serviceId, start, startsOfDay, suggests, turnPage,
} from "./slot_selection.js";
import { practice } from "./practice.js";
import { Pill, Wrong, described } from "./form_fields.js";
import { wrongs } from "./request_submission.js";

export function Choice() {
  return html`
    <${Services} />
    <${Practitioners} />
    ${serviceId.value && html`<${Times} />`}
  `;
}

function Services() {
  return html`
    <fieldset class="step" id="service" tabindex="-1" ...${described("service")}>
      <legend><h2>${t.value.service}</h2></legend>
      <div class="cards">
        ${practice.value?.services.map(
          (one) => html`
            <${Pill} key=${one.id} name="service" value=${one.id} chosen=${serviceId} choose=${chooseService}>
              <span class="what">${one.name}</span>
              <span class="aside">${t.value.minutes(one.duration_minutes)}</span>
            <//>
          `,
        )}
      </div>
      <${Wrong} name="service" />
    </fieldset>
  `;
}

function Practitioners() {
  return html`
    <div class="step field">
      <label for="practitioner"><h2>${t.value.practitioner}</h2></label>
      <select id="practitioner" value=${practitionerId.value} onChange=${chosen}>
        <option value="">${t.value.anyone}</option>
        ${practice.value?.practitioners.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}
      </select>
    </div>
  `;
}

/** @param {Event & {currentTarget: HTMLSelectElement}} event */
const chosen = (event) => choosePractitioner(event.currentTarget.value);

function Times() {
  return html`
    <fieldset class="step" id="time" tabindex="-1" ...${described("time")}>
      <legend><h2>${t.value.time}</h2></legend>
      ${!suggests.value && html`<${Week} />`}
      <${Wrong} name="time" />
      <${Suggestion} />
    </fieldset>
  `;
}

function Week() {
  if (search.value === "failed") {
    return html`
      <p class="notice bad" role="alert">${t.value.times_failed}</p>
      <p class="actions"><button type="button" class="button" onClick=${lookAgain}>${t.value.try_again}</button></p>
    `;
  }
  if (!firstDay.value) return html`<p class="looking" role="status">${t.value.looking}</p>`;
  const last = days.value.at(-1)?.date ?? firstDay.value;
  return html`
    <div class="week" aria-busy=${search.value === "looking"}>
      <button type="button" class="button quiet" aria-disabled=${!hasEarlier.value} onClick=${() => hasEarlier.value && turnPage(-1)}>
        <span aria-hidden="true">‹</span> ${t.value.earlier}
      </button>
      <p role="status">
        ${search.value === "looking" ? t.value.looking : span(firstDay.value, last)}
      </p>
      <button type="button" class="button quiet" aria-disabled=${!hasLater.value} onClick=${() => hasLater.value && turnPage(1)}>
        ${t.value.later} <span aria-hidden="true">›</span>
      </button>
    </div>
    ${openings.value.length > 0 ? html`<${Days} /><${Starts} />` : search.value === "done" && html`<${NothingFree} />`}
  `;
}

function NothingFree() {
  const searchedAhead = firstDay.value === today(practice.value?.timezone ?? "UTC");
  return html`<p class="notice">${searchedAhead ? t.value.none_ahead : t.value.none_this_week}</p>`;
}

function Days() {
  return html`
    <div class="days" role="radiogroup" aria-label=${t.value.day}>
      ${days.value.map(
        ({ date, starts }) => html`
          <${Pill} key=${date} name="day" value=${date} chosen=${day} choose=${chooseDay} disabled=${starts.length === 0}>
            <span class="unseen">${longDay(date)}, ${t.value.free_times(starts.length)}</span>
            <span aria-hidden="true">${show(date, { weekday: "short" })}</span>
            <span aria-hidden="true" class="number">${show(date, { day: "numeric" })}</span>
          <//>
        `,
      )}
    </div>
  `;
}

/** @param {string} date */
const chooseDay = (date) => (day.value = date);
/** @param {string} text */
const chooseStart = (text) => (start.value = text);

function Starts() {
  /** @param {string} text */
  const hour = (text) => Number(text.slice(11, 13));
  const parts = [
    { name: t.value.morning, starts: startsOfDay.value.filter((text) => hour(text) < 12) },
    { name: t.value.afternoon, starts: startsOfDay.value.filter((text) => hour(text) >= 12 && hour(text) < 17) },
    { name: t.value.evening, starts: startsOfDay.value.filter((text) => hour(text) >= 17) },
  ];
  return html`
    <div role="radiogroup" aria-label=${`${t.value.time} ${longDay(day.value)}`}>
      <p class="day-name" aria-hidden="true">${longDay(day.value)}</p>
      ${parts
        .filter(({ starts }) => starts.length > 0)
        .map(
          ({ name, starts }) => html`
            <p class="part" aria-hidden="true">${name}</p>
            <div class="starts">
              ${starts.map(
                (text) => html`
                  <${Pill} key=${text} name="start" value=${text} chosen=${start} choose=${chooseStart}>${clock(text)}<//>
                `,
              )}
            </div>
          `,
        )}
      <p class="hint">${t.value.local_times(city())}</p>
    </div>
  `;
}

/** The city whose clock it is: "Vancouver" of America/Vancouver. */
const city = () => (practice.value?.timezone.split("/").at(-1) ?? "").replaceAll("_", " ");

function Suggestion() {
  const wrong = wrongs.value.has("wish_day");
  return html`
    <label class="tick">
      <input type="checkbox" checked=${suggests.value} onChange=${toggle} />
      <span>${t.value.none_suits}</span>
    </label>
    ${suggests.value &&
    html`
      <p class="hint">${t.value.none_suits_hint}</p>
      <div class="pair">
        <div class="field">
          <label for="wish_day">${t.value.wish_day}</label>
          <input id="wish_day" name="wish_day" type="date" required min=${today(practice.value?.timezone ?? "UTC")} aria-invalid=${wrong} ...${described("wish_day")} />
        </div>
        <div class="field">
          <label for="wish_time">${t.value.wish_time}</label>
          <input id="wish_time" name="wish_time" type="time" required step="900" aria-invalid=${wrong} ...${described("wish_day")} />
        </div>
      </div>
      <${Wrong} name="wish_day" />
    `}
  `;
}

/** @param {Event & {currentTarget: HTMLInputElement}} event */
const toggle = (event) => (suggests.value = event.currentTarget.checked);
