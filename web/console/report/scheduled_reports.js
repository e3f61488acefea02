/** List of the scheduled reports. Their links expire after 15 minutes, so the list reloads every 10. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { formatDateRange } from "../../shared/wall_time.js";
import { formatPercent } from "../format_durations_and_percentages.js";
import { usePolling } from "../polling.js";
import { api, practicePath, toResult } from "../staff_api.js";
import { problemText, t } from "../texts.js";

/** @typedef {import("../staff_api.js").Schemas["ListedReport"]} ListedReport */

const POLL_SECONDS = 600;
const KINDS = /** @type {const} */ (["html", "csv", "json"]);

export function ScheduledReports() {
  const [reports, setReports] = useState(/** @type {ListedReport[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const load = async () => {
    const { data, problem: failed } = await toResult(api.GET("/practices/{practice_id}/reports", { params: { path: practicePath() } }));
    if (data) setReports(data.items);
    setProblem(failed ?? null);
  };
  usePolling(load, POLL_SECONDS, []);
  const texts = t.value.scheduledReports;
  return html`<section class="panel generated" aria-labelledby="generated-title">
    <h2 id="generated-title">${texts.title}</h2>
    ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}
      <button type="button" class="button" onClick=${load}>${t.value.tryAgain}</button></p>`}
    ${!reports && !problem && html`<p role="status">${t.value.loading}</p>`}
    ${reports?.length === 0 && html`<p class="hint">${texts.none}</p>`}
    <ul class="plain-list">${reports?.map((one) => html`<${ReportItem} key=${one.id} report=${one} />`)}</ul>
  </section>`;
}

/** @param {{report: ListedReport}} props */
function ReportItem({ report }) {
  const texts = t.value.scheduledReports;
  const { received, accepted, gross_conversion } = report.headline;
  const name = `${texts.cadences[report.cadence]}, ${formatDateRange(report.from, report.to)}`;
  return html`<li>
    <strong>${name}</strong>
    <span>${texts.headline(received, accepted, formatPercent(gross_conversion))}</span>
    <span class="links">${KINDS.map((kind) => html`<a href=${report.links[kind]} target="_blank" rel="noopener" aria-label=${`${name}: ${texts.kinds[kind]}`}>
      ${texts.kinds[kind]}</a>`)}</span>
  </li>`;
}
