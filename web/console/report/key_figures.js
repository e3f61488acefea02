/** The figures that a manager asks for first, each beside the equal period before. */
import { html } from "htm/preact";
import { formatDuration, formatPercent } from "../formatting.js";
import { t } from "../texts.js";
import { narrowed } from "./drill_down.js";

/** @typedef {import("./report_page.js").Report} Report */

/** @param {{report: Report, onLook: (behind: import("./report_page.js").Behind) => void}} props */
export function Cards({ report, onLook }) {
  const { totals, previous } = report;
  const before = previous.totals;
  const say = t.value.report;
  const [clock, clockBefore] = [totals.time_to_decision.clock, before.time_to_decision.clock];
  return html`<dl class="cards">
    <${Card} name=${say.received} value=${totals.received} before=${before.received}
      onLook=${() => onLook({ title: say.received, query: report.requests })} />
    <${Card} name=${say.accepted} value=${totals.accepted} before=${before.accepted}
      onLook=${() => onLook({ title: say.accepted, query: narrowed(report, report.requests, "accepted") })} />
    <${Card} name=${say.gross} value=${formatPercent(totals.gross_conversion)} before=${formatPercent(before.gross_conversion)} />
    <${Card} name=${say.decided} value=${formatPercent(totals.decided_conversion)} before=${formatPercent(before.decided_conversion)} />
    <${Card} name=${say.median} value=${minutes(clock.median_minutes)} before=${minutes(clockBefore.median_minutes)} />
    <${Card} name=${say.kept} value=${formatPercent(totals.kept_rate)} before=${formatPercent(before.kept_rate)} />
  </dl>`;
}

/** @param {{name: string, value: string | number, before: string | number, onLook?: () => void}} props */
function Card({ name, value, before, onLook }) {
  return html`<div class="card">
    <dt>${name}</dt>
    <dd class="figure">${onLook && value ? html`<button type="button" class="count" onClick=${onLook}>${value}</button>` : value}</dd>
    <dd class="hint">${t.value.report.before(before)}</dd>
  </div>`;
}

/** @param {number | null} count */
const minutes = (count) => (count === null ? "–" : formatDuration(Math.round(count)));
