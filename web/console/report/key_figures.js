/** The figures that a manager asks for first, each beside the equal period before. */
import { html } from "htm/preact";
import { formatDuration, formatPercent } from "../formatting.js";
import { t } from "../texts.js";
import { drillDownQuery } from "./drill_down.js";

/** @typedef {import("./report_page.js").Report} Report */

/** @param {{report: Report, onLook: (behind: import("./report_page.js").DrillDown) => void}} props */
export function KeyFigures({ report, onLook }) {
  const { totals, previous } = report;
  const before = previous.totals;
  const say = t.value.report;
  const [clock, clockBefore] = [totals.time_to_decision.clock, before.time_to_decision.clock];
  return html`<dl class="cards">
    <${KeyFigure} name=${say.received} value=${totals.received} before=${before.received}
      onLook=${() => onLook({ title: say.received, query: report.requests })} />
    <${KeyFigure} name=${say.accepted} value=${totals.accepted} before=${before.accepted}
      onLook=${() => onLook({ title: say.accepted, query: drillDownQuery(report, report.requests, "accepted") })} />
    <${KeyFigure} name=${say.gross} value=${formatPercent(totals.gross_conversion)} before=${formatPercent(before.gross_conversion)} />
    <${KeyFigure} name=${say.decided} value=${formatPercent(totals.decided_conversion)} before=${formatPercent(before.decided_conversion)} />
    <${KeyFigure} name=${say.median} value=${formatMinutes(clock.median_minutes)} before=${formatMinutes(clockBefore.median_minutes)} />
    <${KeyFigure} name=${say.kept} value=${formatPercent(totals.kept_rate)} before=${formatPercent(before.kept_rate)} />
  </dl>`;
}

/** @param {{name: string, value: string | number, before: string | number, onLook?: () => void}} props */
function KeyFigure({ name, value, before, onLook }) {
  return html`<div class="card">
    <dt>${name}</dt>
    <dd class="figure">${onLook && value ? html`<button type="button" class="count" onClick=${onLook}>${value}</button>` : value}</dd>
    <dd class="hint">${t.value.report.before(before)}</dd>
  </div>`;
}

/** @param {number | null} count */
const formatMinutes = (count) => (count === null ? "–" : formatDuration(Math.round(count)));
