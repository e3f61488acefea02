/** The report screen for managers: figures of online scheduling by period and group. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { addDays, today } from "../../shared/wall_time.js";
import { FindingsList } from "../findings/findings_list.js";
import { practice } from "../practice.js";
import { api, practicePath, toResult } from "../staff_api.js";
import { problemText, t } from "../texts.js";
import { Breakdown } from "./breakdown.js";
import { saveCsv } from "./csv_download.js";
import { DrillDownPanel } from "./drill_down.js";
import { GroupChart } from "./group_chart.js";
import { GroupTable } from "./group_table.js";
import { KeyFigures } from "./key_figures.js";
import { ScheduledReports } from "./scheduled_reports.js";

/** @typedef {import("../staff_api.js").Schemas["ConversionReport"]} Report */
/** @typedef {NonNullable<Report["group_by"]>} GroupBy */
/** @typedef {{from: string, to: string, group_by: GroupBy}} ReportQuery */
/** @typedef {{title: string, query: string}} DrillDown  title of the figure, and the list query of its requests */

const GROUPS = /** @type {const} */ (["source", "practitioner", "service", "chair", "weekday", "hour", "patient", "day"]);
const PERIODS = [7, 30, 90];

export function ReportPage() {
  const last = today(practice.value?.timezone ?? "UTC");
  const [query, setQuery] = useState(/** @type {ReportQuery} */ ({ from: addDays(last, -29), to: last, group_by: "source" }));
  const [report, setReport] = useState(/** @type {Report | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const [drillDown, setDrillDown] = useState(/** @type {DrillDown | null} */ (null));
  const texts = t.value.report;

  const load = async () => {
    const call = { params: { path: practicePath(), query: query } };
    const { data, problem: failed } = await toResult(api.GET("/practices/{practice_id}/reports/online-scheduling", call));
    if (data) setReport(/** @type {Report} */ (data)); // the operation's other response type is CSV, sent only for `Accept: text/csv`
    setProblem(failed ?? null);
  };
  useEffect(() => {
    setDrillDown(null);
    void load();
  }, [query]);
  /** @param {Partial<ReportQuery>} change */
  const changeQuery = (change) => setQuery((known) => ({ ...known, ...change }));
  return html`
    <div class="report">
      <h1>${texts.title}</h1>
      <div class="filters">
        <div class="views" role="group" aria-label=${texts.period}>
          ${PERIODS.map((days) => {
            const from = addDays(last, 1 - days);
            return html`<button type="button" aria-pressed=${query.from === from && query.to === last} onClick=${() => changeQuery({ from, to: last })}>
              ${texts.lastDays(days)}</button>`;
          })}
        </div>
        <${Pick} label=${texts.from}><input type="date" value=${query.from} max=${query.to} onChange=${(/** @type {any} */ event) => event.target.value && changeQuery({ from: event.target.value })} /><//>
        <${Pick} label=${texts.to}><input type="date" value=${query.to} min=${query.from} onChange=${(/** @type {any} */ event) => event.target.value && changeQuery({ to: event.target.value })} /><//>
        <${Pick} label=${texts.by}>
          <select value=${query.group_by} onChange=${(/** @type {any} */ event) => changeQuery({ group_by: event.target.value })}>
            ${GROUPS.map((one) => html`<option value=${one}>${texts.groups[one]}</option>`)}
          </select>
        <//>
        <button type="button" class="button" onClick=${() => saveCsv(query).then((failed) => setProblem(failed ?? null))}>${texts.csv}</button>
      </div>
      ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}
        <button type="button" class="button" onClick=${load}>${t.value.tryAgain}</button></p>`}
      ${!report && !problem && html`<p role="status">${t.value.loading}</p>`}
      ${report && html`<${Figures} report=${report} onDrillDown=${setDrillDown} />`}
      ${drillDown && html`<${DrillDownPanel} key=${drillDown.query} drillDown=${drillDown} onClose=${() => setDrillDown(null)} />`}
      <${FindingsList} days=${{ from: query.from, to: query.to }} />
      <${ScheduledReports} />
      ${report && html`<details class="definitions"><summary>${texts.definitions}</summary>
        <dl>${Object.entries(report.definitions).map(([name, text]) => html`<dt>${name.replaceAll("_", " ")}</dt><dd lang="en">${text}</dd>`)}</dl>
      </details>`}
    </div>
  `;
}

/** @param {{report: Report, onDrillDown: (drillDown: DrillDown) => void}} props */
function Figures({ report, onDrillDown }) {
  const texts = t.value;
  const { resolutions, rejection_reasons } = report.totals;
  return html`
    <${KeyFigures} report=${report} onDrillDown=${onDrillDown} />
    <section class="panel" aria-labelledby="groups-title">
      <h2 id="groups-title">${texts.report.byGroup(texts.report.groups[report.group_by ?? "source"] ?? "")}</h2>
      <${GroupChart} report=${report} />
      <${GroupTable} report=${report} onDrillDown=${onDrillDown} />
    </section>
    <div class="splits">
      <${Breakdown} report=${report} title=${texts.report.resolutions} figure="resolutions" counts=${resolutions} labels=${texts.resolutions} onDrillDown=${onDrillDown} />
      <${Breakdown} report=${report} title=${texts.report.rejections} figure="rejection_reasons" counts=${rejection_reasons} labels=${texts.rejections} onDrillDown=${onDrillDown} />
      <${Breakdown} report=${report} title=${texts.report.ages} figure="pending_by_age" counts=${report.totals.pending_by_age} labels=${texts.report.age} onDrillDown=${onDrillDown} />
      <${Breakdown} report=${report} title=${texts.report.qualityFlags} figure="guardrails" counts=${report.totals.guardrails} labels=${texts.report.qualityFlagNames} onDrillDown=${onDrillDown} />
    </div>
  `;
}

/** @param {{label: string, children?: import("preact").ComponentChildren}} props */
function Pick({ label, children }) {
  return html`<label class="pick"><span>${label}</span>${children}</label>`;
}
