/** Controls above the queue: view, search, filters and order. The search runs in the browser and is never sent. */
import { html } from "htm/preact";
import { practice } from "../practice.js";
import { t } from "../texts.js";
import { attentionCount, filters, order, ORDERS, search, selectView, sources, view, VIEWS } from "./queue_state.js";

const FIT_VERDICTS = /** @type {const} */ (["fits", "conflicts", "outside_hours", "past", "unknown"]);

export function Filters() {
  const texts = t.value.queue;
  const people = practice.value?.practitioners.filter((one) => one.active) ?? [];
  return html`
    <div class="views" role="group" aria-label=${texts.viewsLabel}>
      ${VIEWS.map(
        (one) => html`<button type="button" aria-pressed=${view.value === one} onClick=${() => selectView(one)}>
          ${texts.views[one]}${one === "attention" && attentionCount.value > 0 && html` <span class="asking">${attentionCount.value}</span>`}
        </button>`,
      )}
    </div>
    <div class="filters" role="search">
      <label class="search">
        <span class="unseen">${texts.search}</span>
        <input id="search" type="search" autocomplete="off" placeholder=${texts.search} value=${search.value}
          onInput=${(/** @type {InputEvent} */ event) => (search.value = valueOf(event))} />
      </label>
      ${view.value === "waiting" &&
      html`<${FilterSelect} label=${texts.fit} name="verdict" options=${FIT_VERDICTS.map((one) => [one, t.value.verdicts[one]])} />`}
      <${FilterSelect} label=${texts.source} name="source" options=${sources.value.map((one) => [one, t.value.source(one)])} />
      <${FilterSelect} label=${t.value.practitioner} name="practitioner_id" options=${people.map((one) => [one.id, one.name])} />
      ${view.value === "waiting" &&
      html`<label class="pick">
        <span>${texts.order}</span>
        <select value=${order.value}
          onChange=${(/** @type {Event} */ event) => (order.value = /** @type {typeof ORDERS[number]} */ (valueOf(event)))}>
          ${ORDERS.map((one) => html`<option value=${one}>${texts.orders[one]}</option>`)}
        </select>
      </label>`}
    </div>
  `;
}

/** @param {{label: string, name: "verdict" | "source" | "practitioner_id", options: [string, string][]}} props */
function FilterSelect({ label, name, options }) {
  return html`<label class="pick">
    <span>${label}</span>
    <select value=${filters.value[name]}
      onChange=${(/** @type {Event} */ event) => (filters.value = { ...filters.value, [name]: valueOf(event) })}>
      <option value="">${t.value.queue.all}</option>
      ${options.map(([value, label]) => html`<option value=${value}>${label}</option>`)}
    </select>
  </label>`;
}

/** @param {Event} event */
const valueOf = (event) => /** @type {HTMLInputElement} */ (event.target).value;
