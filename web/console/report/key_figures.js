/** The report's key figures as cards, each with its value in the previous period. */
import { html } from "htm/preact";
import { formatDuration, formatPercent } from "../format_durations_and_percentages.js";
import { t } from "../texts.js";
import { drillDownQuery } from "./drill_down.js";

/** @typedef {import("./report_page.js").Report} Report */

/** @param {{report: Report, onDrillDown: (drillDown: import("./report_page.js").DrillDown) => void}} props */
export function KeyFigures({ report, onDrillDown }) {
  const { totals, previous } = report;
  const previousTotals = previous.totals;
  const texts = t.value.report;
  const [clock, previousClock] = [totals.time_to_decision.clock, previousTotals.time_to_decision.clock];
  return html`<dl class="cards">
    <${KeyFigure} name=${texts.received} value=${totals.received} previous=${previousTotals.received}
      onDrillDown=${() => onDrillDown({ title: texts.received, query: report.requests })} />
    <${KeyFigure} name=${texts.accepted} value=${totals.accepted} previous=${previousTotals.accepted}
      onDrillDown=${() => onDrillDown({ title: texts.accepted, query: drillDownQuery(report, report.requests, "accepted") })} />
    <${KeyFigure} name=${texts.gross} value=${formatPercent(totals.gross_conversion)} previous=${formatPercent(previousTotals.gross_conversion)} />
    <${KeyFigure} name=${texts.decided} value=${formatPercent(totals.decided_conversion)} previous=${formatPercent(previousTotals.decided_conversion)} />
    <${KeyFigure} name=${texts.median} value=${formatMinutes(clock.median_minutes)} previous=${formatMinutes(previousClock.median_minutes)} />
    <${KeyFigure} name=${texts.keptRate} value=${formatPercent(totals.kept_rate)} previous=${formatPercent(previousTotals.kept_rate)} />
  </dl>`;
}

/** @param {{name: string, value: string | number, previous: string | number, onDrillDown?: () => void}} props */
function KeyFigure({ name, value, previous, onDrillDown }) {
  return html`<div class="card">
    <dt>${name}</dt>
    <dd class="figure">${onDrillDown && value ? html`<button type="button" class="count" onClick=${onDrillDown}>${value}</button>` : value}</dd>
    <dd class="hint">${t.value.report.previousPeriod(previous)}</dd>
  </div>`;
}

/** @param {number | null} count */
const formatMinutes = (count) => (count === null ? "–" : formatDuration(Math.round(count)));
