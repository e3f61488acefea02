/** Table with the figures of each group; every count leads to the requests behind it. */
import { html } from "htm/preact";
import { formatDate, formatShortDate } from "../../shared/wall_time.js";
import { formatPercent } from "../format_durations_and_percentages.js";
import { t } from "../texts.js";
import { drillDownQuery } from "./drill_down.js";

/** @typedef {import("./report_page.js").Report} Report */

export const COLUMNS = /** @type {const} */ (["accepted", "pending", "rejected", "expired", "cancelled"]);

/** @param {{report: Report, onDrillDown: (drillDown: import("./report_page.js").DrillDown) => void}} props */
export function GroupTable({ report, onDrillDown }) {
  const texts = t.value.report;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${texts.table}>
      <table class="figures">
        <thead><tr><th scope="col">${texts.groups[report.group_by ?? "source"]}</th><th scope="col">${texts.received}</th>
          ${COLUMNS.map((one) => html`<th scope="col">${t.value.statuses[one]}</th>`)}<th scope="col">${texts.gross}</th></tr></thead>
        <tbody>
          ${report.groups.filter((group) => group.figures.received || group.previous.received).map((group) => {
            const name = groupName(report, group);
            /** @param {number} count @param {string} label @param {string} query */
            const cell = (count, label, query) =>
              html`<td>${count ? html`<button type="button" class="count" aria-label=${`${name}, ${label}: ${count}`}
                onClick=${() => onDrillDown({ title: `${name} · ${label}`, query })}>${count}</button>` : 0}</td>`;
            return html`<tr key=${group.key}>
              <th scope="row">${name}</th>
              ${cell(group.figures.received, texts.received, group.requests)}
              ${COLUMNS.map((one) => cell(group.figures[one], t.value.statuses[one], drillDownQuery(report, group.requests, one)))}
              <td>${formatPercent(group.figures.gross_conversion)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  `;
}

/**
 * The display name of a group; translated unless it is the practice's own name for something.
 *
 * @param {Report} report
 * @param {Report["groups"][number]} group
 */
export function groupName(report, group) {
  const texts = t.value;
  if (!group.key) return texts.report.notSaid;
  switch (report.group_by) {
    case "weekday":
      return formatDate(`2024-01-0${group.key}`, { weekday: "long" }); // 1 January 2024 was a Monday
    case "day":
      return formatShortDate(group.key);
    case "source":
      return texts.source(group.key);
    case "patient":
      return texts.report.patients[group.key] ?? group.name;
    default:
      return group.name;
  }
}
