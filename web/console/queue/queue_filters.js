/** Narrowing the queue: which requests, in which order, and a search that stays in the browser. */
import { html } from "htm/preact";
import { practice } from "../practice.js";
import { t } from "../texts.js";
import { ORDERS, VIEWS, asking, filters, order, search, show, sources, view } from "./queue_state.js";

const VERDICTS = /** @type {const} */ (["fits", "conflicts", "outside_hours", "past", "unknown"]);

export function Filters() {
  const say = t.value.queue;
  const people = practice.value?.practitioners.filter((one) => one.active) ?? [];
  return html`
    <div class="views" role="group" aria-label=${say.viewsLabel}>
      ${VIEWS.map(
        (one) => html`<button type="button" aria-pressed=${view.value === one} onClick=${() => show(one)}>
          ${say.views[one]}${one === "attention" && asking.value > 0 && html` <span class="asking">${asking.value}</span>`}
        </button>`,
      )}
    </div>
    <div class="filters" role="search">
      <label class="search">
        <span class="unseen">${say.search}</span>
        <input id="search" type="search" autocomplete="off" placeholder=${say.search} value=${search.value}
          onInput=${(/** @type {InputEvent} */ event) => (search.value = typed(event))} />
      </label>
      ${view.value === "waiting" &&
      html`<${Choice} label=${say.fit} name="verdict" options=${VERDICTS.map((one) => [one, t.value.verdicts[one]])} />`}
      <${Choice} label=${say.source} name="source" options=${sources.value.map((one) => [one, t.value.source(one)])} />
      <${Choice} label=${t.value.practitioner} name="practitioner_id" options=${people.map((one) => [one.id, one.name])} />
      ${view.value === "waiting" &&
      html`<label class="pick">
        <span>${say.order}</span>
        <select value=${order.value}
          onChange=${(/** @type {Event} */ event) => (order.value = /** @type {typeof ORDERS[number]} */ (typed(event)))}>
          ${ORDERS.map((one) => html`<option value=${one}>${say.orders[one]}</option>`)}
        </select>
      </label>`}
    </div>
  `;
}

/** @param {{label: string, name: "verdict" | "source" | "practitioner_id", options: [string, string][]}} props */
function Choice({ label, name, options }) {
  return html`<label class="pick">
    <span>${label}</span>
    <select value=${filters.value[name]}
      onChange=${(/** @type {Event} */ event) => (filters.value = { ...filters.value, [name]: typed(event) })}>
      <option value="">${t.value.queue.all}</option>
      ${options.map(([value, words]) => html`<option value=${value}>${words}</option>`)}
    </select>
  </label>`;
}

/** @param {Event} event */
const typed = (event) => /** @type {HTMLInputElement} */ (event.target).value;
