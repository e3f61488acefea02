/** The history of a request: each step with actor, time and changed values. */
import { html } from "htm/preact";
import { formatShortDate, formatTime } from "../../shared/wall_time.js";
import { formatAgo } from "../format_durations_and_percentages.js";
import { now } from "../polling.js";
import { nameOf } from "../practice.js";
import { actorName } from "../request_status/actor_name.js";
import { t } from "../texts.js";

/** @typedef {import("../staff_api.js").Schemas["HistoryStep"]} Step */

/** @param {{steps: Step[]}} props */
export function RequestHistory({ steps }) {
  const texts = t.value.history;
  return html`
    <section class="history" aria-labelledby="history-title">
      <h2 id="history-title">${texts.title}</h2>
      <ol>
        ${steps.map(
          (step) => html`<li key=${step.revision}>
            <p><strong>${texts.actions[step.action] ?? step.action}</strong> ${t.value.by(actorName(step))}
              <time datetime=${step.at} title=${step.at}> · ${formatAgo(step.at, now.value)}</time></p>
            ${step.before && html`<dl>${changesOf(step).map(
              ([name, before, after]) => html`<div><dt>${name}</dt><dd>${before && html`<del>${before}</del> → `}<ins>${after}</ins></dd></div>`,
            )}</dl>`}
          </li>`,
        )}
      </ol>
    </section>
  `;
}

/** @param {import("../staff_api.js").Request["requested"]} slot */
const formatSlot = (slot) =>
  [`${formatShortDate(slot.start)}, ${formatTime(slot.start)}`, nameOf(slot.practitioner_id), nameOf(slot.chair_id)].filter(Boolean).join(" · ");

/**
 * The changes of a step that staff care about: requested time, status, outcome, booked time, PMS write, attention.
 *
 * @param {Step} step
 * @returns {[string, string, string][]}
 */
function changesOf(step) {
  const texts = t.value;
  const [before, after] = [step.before ?? {}, step.after];
  /** @type {[string, string, (value: any) => string][]} */
  const fields = [
    ["status", texts.status, (value) => texts.statuses[/** @type {"pending"} */ (value)]],
    ["resolution", texts.outcome, (value) => texts.resolutions[/** @type {"linked"} */ (value)]],
    ["requested", texts.requestedFor, formatSlot],
    ["accepted", texts.bookedFor, formatSlot],
    ["pms_write", texts.pmsWriteState, (value) => texts.pmsWriteStatuses[/** @type {"queued"} */ (value)]],
    ["attention", texts.needsAttention, (value) => texts.attention[/** @type {"match_found"} */ (value)]],
    ["attentions", texts.needsAttention, (values) => values.map((/** @type {"match_found"} */ one) => texts.attention[one]).join(" · ")],
    ["corrected", texts.correct.fields, (names) => names.map((/** @type {"email"} */ one) => texts.matches.fields[one]).join(", ")],
  ];
  return fields.flatMap(([field, name, format]) =>
    field in after ? [[name, before[field] ? format(before[field]) : "", after[field] ? format(after[field]) : "–"]] : [],
  );
}
