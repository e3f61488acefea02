/**
 * Form fields of the drafted appointment: date, time, length, practitioner, chair, service. Marks what differs from the
 * request.
 */
import { html } from "htm/preact";
import { t } from "../texts.js";
import { toMinutes, toTimeOfDay } from "../time_of_day.js";
import { dayOf, draftOf, timeOf } from "./appointment_draft.js";

/** @typedef {import("./appointment_draft.js").Draft} Draft */
/** @typedef {{draft: Draft, requested: import("./appointment_draft.js").Slot, practice: import("../practice.js").Practice, onEdit: (change: Partial<Draft>) => void}} Props */

/** @param {Props} props */
export function AcceptForm({ draft, requested, practice, onEdit }) {
  const texts = t.value;
  const requestedDraft = draftOf(requested);
  const service = (/** @type {string} */ service_id) => {
    const chosen = practice.services.find((one) => one.id === service_id);
    onEdit({ service_id, ...(chosen && { duration_minutes: chosen.duration_minutes }) });
  };
  return html`
    <div class="fields">
      <${Field} name="day" label=${texts.day} differs=${dayOf(draft) !== dayOf(requestedDraft)}>
        <input id="field-day" type="date" required value=${dayOf(draft)}
          onChange=${(/** @type {Event} */ event) => valueOf(event) && onEdit({ start: `${valueOf(event)}T${timeOf(draft)}` })} />
      <//>
      <${Field} name="time" label=${texts.time} differs=${timeOf(draft) !== timeOf(requestedDraft)}>
        <input id="field-time" type="time" required step="300" value=${timeOf(draft)}
          onChange=${(/** @type {Event} */ event) => valueOf(event) && onEdit({ start: `${dayOf(draft)}T${toTimeOfDay(toMinutes(valueOf(event)))}` })} />
      <//>
      <${Field} name="length" label=${texts.minutes} differs=${draft.duration_minutes !== requestedDraft.duration_minutes}>
        <input id="field-length" type="number" required min="5" max="720" step="5" value=${draft.duration_minutes}
          onChange=${(/** @type {Event} */ event) => onEdit({ duration_minutes: Number(valueOf(event)) })} />
      <//>
      <${ResourceSelect} name="practitioner" label=${texts.practitioner} value=${draft.practitioner_id} requested=${requestedDraft.practitioner_id} emptyLabel=${texts.anyone}
        options=${practice.practitioners} onPick=${(/** @type {string} */ practitioner_id) => onEdit({ practitioner_id })} />
      <${ResourceSelect} name="chair" label=${texts.chair} value=${draft.chair_id} requested=${requestedDraft.chair_id} emptyLabel=${texts.anyChair}
        options=${practice.chairs} onPick=${(/** @type {string} */ chair_id) => onEdit({ chair_id })} />
      <${ResourceSelect} name="service" label=${texts.service} value=${draft.service_id} requested=${requestedDraft.service_id} emptyLabel=${texts.noService}
        options=${practice.services} onPick=${service} />
    </div>
  `;
}

/** @param {{name: string, label: string, differs: boolean, children?: import("preact").ComponentChildren}} props */
function Field({ name, label, differs, children }) {
  return html`<div class="field ${differs ? "differs" : ""}">
    <label for=${`field-${name}`}>${label}${differs && html` <span class="changed">${t.value.changed}</span>`}</label>
    ${children}
  </div>`;
}

/**
 * A drop-down of the practice's practitioners, chairs or services. "Any" is offered only where the patient left it open:
 * a field that the API does not get stays as requested, so a requested value could not be cleared.
 *
 * @param {{name: string, label: string, value: string, requested: string, emptyLabel: string, options: readonly {id: string, name: string, active: boolean}[], onPick: (id: string) => void}} props
 */
function ResourceSelect({ name, label, value, requested, emptyLabel, options, onPick }) {
  return html`
    <${Field} name=${name} label=${label} differs=${Boolean(requested) && value !== requested}>
      <select id=${`field-${name}`} value=${value} onChange=${(/** @type {Event} */ event) => onPick(valueOf(event))}>
        ${!requested && html`<option value="">${emptyLabel}</option>`}
        ${options.filter((one) => one.active || one.id === value).map((one) => html`<option value=${one.id}>${one.name}</option>`)}
      </select>
    <//>
  `;
}

/** @param {Event} event */
const valueOf = (event) => /** @type {HTMLInputElement} */ (event.target).value;
