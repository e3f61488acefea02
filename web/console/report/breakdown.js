/** A panel that breaks one figure down, for example rejections by reason; each count leads to its requests. */
import { html } from "htm/preact";
import { drillDownQuery } from "./drill_down.js";

/** @param {{report: import("./report_page.js").Report, title: string, figure: string, counts: Record<string, number>, labels: Record<string, string>, onDrillDown: (drillDown: import("./report_page.js").DrillDown) => void}} props */
export function Breakdown({ report, title, figure, counts, labels, onDrillDown }) {
  const highest = Math.max(...Object.values(counts), 1);
  return html`<section class="panel">
    <h2>${title}</h2>
    <ul class="split">
      ${Object.entries(counts).map(
        ([key, count]) => html`<li>
          <span>${labels[key] ?? key}</span>
          <meter min="0" max=${highest} value=${count} aria-hidden="true"></meter>
          ${count ? html`<button type="button" class="count" aria-label=${`${labels[key] ?? key}: ${count}`}
            onClick=${() => onDrillDown({ title: labels[key] ?? key, query: drillDownQuery(report, report.requests, `${figure}.${key}`) })}>${count}</button>` : html`<span>0</span>`}
        </li>`,
      )}
    </ul>
  </section>`;
}
