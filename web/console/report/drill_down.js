/** Panel that lists exactly the requests that a figure of the report counts. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { RequestLine } from "../request_status/request_line.js";
import { api, practicePath, toResult } from "../staff_api.js";
import { problemText, t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */

/**
 * The list query of a group, narrowed to one of its figures. The report itself says how.
 *
 * @param {import("./report_page.js").Report} report
 * @param {string} requests
 * @param {string} figure
 */
export const drillDownQuery = (report, requests, figure) => `${requests}&${report.drill_down[figure] ?? ""}`;

/** @param {{drillDown: import("./report_page.js").DrillDown, onClose: () => void}} props */
export function DrillDownPanel({ drillDown, onClose }) {
  const [items, setItems] = useState(/** @type {Request[]} */ ([]));
  const [cursor, setCursor] = useState(/** @type {string | null | undefined} */ (undefined));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const title = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const loadMore = async () => {
    const query = { ...Object.fromEntries(new URLSearchParams(drillDown.query.split("?")[1])), limit: 50, ...(cursor && { cursor }) };
    const { data, problem: failed } = await toResult(api.GET("/practices/{practice_id}/requests", { params: { path: practicePath(), query } }));
    if (data) setItems((known) => [...known, ...data.items]);
    if (data) setCursor(data.next_cursor ?? null);
    setProblem(failed ?? null);
  };
  useEffect(() => {
    title.current?.focus();
    void loadMore();
  }, []);
  const texts = t.value;
  return html`<section class="panel drill-down" aria-labelledby="drill-down-title">
    <div class="day-head">
      <h2 id="drill-down-title" ref=${title} tabindex="-1">${drillDown.title}</h2>
      <button type="button" class="plain" onClick=${onClose} aria-label=${texts.close}>✕</button>
    </div>
    ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}</p>`}
    ${cursor === undefined && !problem && html`<p role="status">${texts.loading}</p>`}
    <ul class="plain-list">
      ${items.map((one) => html`<${RequestLine} key=${one.id} request=${one} />`)}
    </ul>
    ${cursor && html`<button type="button" class="button" onClick=${loadMore}>${texts.report.more}</button>`}
  </section>`;
}
