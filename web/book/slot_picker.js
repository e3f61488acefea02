/** Form section where the patient picks service, practitioner and time, or suggests a time. */
import { html } from "htm/preact";
import { formatDate, formatDateRange, formatLongDate, formatTime, today } from "../shared/wall_time.js";
import { describedByError, FieldError, RadioOption } from "./form_fields.js";
import { practice } from "./practice.js";
import { fieldErrors } from "./request_submission.js";
import {
  choosePractitioner, chooseService, day, days, firstDay, hasEarlier, hasLater, retrySearch, openings, practitionerId,
  searchState, serviceId, start, startsOfDay, suggestsOwnTime, changeWeek,
} from "./slot_selection.js";
import { t } from "./texts.js";

export function SlotPicker() {
  return html`
    <${Services} />
    <${Practitioners} />
    ${serviceId.value && html`<${Times} />`}
  `;
}

function Services() {
  return html`
    <fieldset class="step" id="service" tabindex="-1" ...${describedByError("service")}>
      <legend><h2>${t.value.service}</h2></legend>
      <div class="cards">
        ${practice.value?.services.map(
          (one) => html`
            <${RadioOption} key=${one.id} name="service" value=${one.id} selected=${serviceId} onSelect=${chooseService}>
              <span class="what">${one.name}</span>
              <span class="aside">${t.value.minutes(one.duration_minutes)}</span>
            <//>
          `,
        )}
      </div>
      <${FieldError} name="service" />
    </fieldset>
  `;
}

function Practitioners() {
  return html`
    <div class="step field">
      <label for="practitioner"><h2>${t.value.practitioner}</h2></label>
      <select id="practitioner" value=${practitionerId.value} onChange=${onPractitionerChange}>
        <option value="">${t.value.anyone}</option>
        ${practice.value?.practitioners.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}
      </select>
    </div>
  `;
}

/** @param {Event & {currentTarget: HTMLSelectElement}} event */
const onPractitionerChange = (event) => choosePractitioner(event.currentTarget.value);

function Times() {
  return html`
    <fieldset class="step" id="time" tabindex="-1" ...${describedByError("time")}>
      <legend><h2>${t.value.time}</h2></legend>
      ${!suggestsOwnTime.value && html`<${Week} />`}
      <${FieldError} name="time" />
      <${OwnTimeSuggestion} />
    </fieldset>
  `;
}

function Week() {
  if (searchState.value === "failed") {
    return html`
      <p class="notice bad" role="alert">${t.value.times_failed}</p>
      <p class="actions"><button type="button" class="button" onClick=${retrySearch}>${t.value.try_again}</button></p>
    `;
  }
  if (!firstDay.value) return html`<p class="looking" role="status">${t.value.looking}</p>`;
  const last = days.value.at(-1)?.date ?? firstDay.value;
  return html`
    <div class="week" aria-busy=${searchState.value === "looking"}>
      <button type="button" class="button quiet" aria-disabled=${!hasEarlier.value} onClick=${() => hasEarlier.value && changeWeek(-1)}>
        <span aria-hidden="true">‹</span> ${t.value.earlier}
      </button>
      <p role="status">
        ${searchState.value === "looking" ? t.value.looking : formatDateRange(firstDay.value, last)}
      </p>
      <button type="button" class="button quiet" aria-disabled=${!hasLater.value} onClick=${() => hasLater.value && changeWeek(1)}>
        ${t.value.later} <span aria-hidden="true">›</span>
      </button>
    </div>
    ${openings.value.length > 0 ? html`<${Days} /><${StartTimes} />` : searchState.value === "done" && html`<${NoFreeTimes} />`}
  `;
}

function NoFreeTimes() {
  const searchedAhead = firstDay.value === today(practice.value?.timezone ?? "UTC");
  return html`<p class="notice">${searchedAhead ? t.value.none_ahead : t.value.none_this_week}</p>`;
}

function Days() {
  return html`
    <div class="days" role="radiogroup" aria-label=${t.value.day}>
      ${days.value.map(
        ({ date, starts }) => html`
          <${RadioOption} key=${date} name="day" value=${date} selected=${day} onSelect=${chooseDay} disabled=${starts.length === 0}>
            <span class="unseen">${formatLongDate(date)}, ${t.value.free_times(starts.length)}</span>
            <span aria-hidden="true">${formatDate(date, { weekday: "short" })}</span>
            <span aria-hidden="true" class="number">${formatDate(date, { day: "numeric" })}</span>
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

function StartTimes() {
  /** @param {string} text */
  const hour = (text) => Number(text.slice(11, 13));
  const parts = [
    { name: t.value.morning, starts: startsOfDay.value.filter((text) => hour(text) < 12) },
    { name: t.value.afternoon, starts: startsOfDay.value.filter((text) => hour(text) >= 12 && hour(text) < 17) },
    { name: t.value.evening, starts: startsOfDay.value.filter((text) => hour(text) >= 17) },
  ];
  return html`
    <div role="radiogroup" aria-label=${`${t.value.time} ${formatLongDate(day.value)}`}>
      <p class="day-name" aria-hidden="true">${formatLongDate(day.value)}</p>
      ${parts
        .filter(({ starts }) => starts.length > 0)
        .map(
          ({ name, starts }) => html`
            <p class="part" aria-hidden="true">${name}</p>
            <div class="starts">
              ${starts.map(
                (text) => html`
                  <${RadioOption} key=${text} name="start" value=${text} selected=${start} onSelect=${chooseStart}>${formatTime(text)}<//>
                `,
              )}
            </div>
          `,
        )}
      <p class="hint">${t.value.local_times(cityOfTimezone())}</p>
    </div>
  `;
}

/** The city of the practice's time zone: "Vancouver" for America/Vancouver. */
const cityOfTimezone = () => (practice.value?.timezone.split("/").at(-1) ?? "").replaceAll("_", " ");

function OwnTimeSuggestion() {
  const wrong = fieldErrors.value.has("own_day");
  return html`
    <label class="tick">
      <input type="checkbox" checked=${suggestsOwnTime.value} onChange=${toggleOwnTime} />
      <span>${t.value.none_suits}</span>
    </label>
    ${suggestsOwnTime.value &&
    html`
      <p class="hint">${t.value.none_suits_hint}</p>
      <div class="pair">
        <div class="field">
          <label for="own_day">${t.value.own_day}</label>
          <input id="own_day" name="own_day" type="date" required min=${today(practice.value?.timezone ?? "UTC")} aria-invalid=${wrong} ...${describedByError("own_day")} />
        </div>
        <div class="field">
          <label for="own_time">${t.value.own_time}</label>
          <input id="own_time" name="own_time" type="time" required step="900" aria-invalid=${wrong} ...${describedByError("own_day")} />
        </div>
      </div>
      <${FieldError} name="own_day" />
    `}
  `;
}

/** @param {Event & {currentTarget: HTMLInputElement}} event */
const toggleOwnTime = (event) => (suggestsOwnTime.value = event.currentTarget.checked);
