/** The findings of a period: open ones, strongest first, then handled ones. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatAgo } from "../format_durations_and_percentages.js";
import { now } from "../polling.js";
import { practice } from "../practice.js";
import { actorName } from "../request_status/actor_name.js";
import { api, practicePath, toResult } from "../staff_api.js";
import { problemText, t } from "../texts.js";
import { showToast } from "../toasts.js";
import { Finding } from "./finding.js";

/** @typedef {import("../staff_api.js").Schemas["PracticeFindings"]} FindingsOfDays */
/** @typedef {{from?: string, to?: string}} Days  days of receipt, inclusive; without them the last 90 days */

/** @param {{days: Days}} props */
export function FindingsList({ days }) {
  const [findings, setFindings] = useState(/** @type {FindingsOfDays | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const title = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const load = async () => {
    const call = { params: { path: practicePath(), query: days } };
    const { data, problem: failed } = await toResult(api.GET("/practices/{practice_id}/findings", call));
    if (data) setFindings(data);
    setProblem(failed ?? null);
  };
  useEffect(() => void load(), [days.from, days.to]);
  const texts = t.value.findings;
  const onHandled = () => {
    showToast({ text: texts.done, tone: "good" });
    title.current?.focus();
    return load();
  };
  return html`<section class="panel findings" aria-labelledby="findings-title">
    <h2 id="findings-title" ref=${title} tabindex="-1">${texts.heading}</h2>
    ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}
      <button type="button" class="button" onClick=${load}>${t.value.tryAgain}</button></p>`}
    ${!findings && !problem && html`<p role="status">${t.value.loading}</p>`}
    ${findings && html`
      <p>${texts.count(findings.misfits, findings.requests)}</p>
      ${findings.misfits > 0 && html`<ul class="causes">${Object.entries(findings.causes).map(
        ([cause, count]) => html`<li>${texts.causes[/** @type {keyof typeof texts.causes} */ (cause)]} <strong>${count}</strong></li>`,
      )}</ul>`}
      ${findings.items.length === 0 && html`<p class="hint">${texts.none}</p>`}
      <ul class="found">${findings.items.map((one) => html`<${Finding} key=${one.id} finding=${one} days=${{ from: findings.from, to: findings.to }} onHandled=${onHandled} />`)}</ul>
      ${findings.handled.length > 0 && html`<${HandledFindings} handled=${findings.handled} />`}
    `}
  </section>`;
}

/** @param {{handled: FindingsOfDays["handled"]}} props */
function HandledFindings({ handled }) {
  return html`<details><summary>${t.value.findings.alreadyHandled(handled.length)}</summary>
    <ul class="plain-list">${handled.map((one) => html`<li key=${one.finding.id}>
      <span lang=${practice.value?.language}>${one.finding.text}</span>
      <span>${t.value.by(actorName({ by: one.handled_by, by_name: one.handled_by_name }))}, ${formatAgo(one.handled_at, now.value)}</span>
    </li>`)}</ul>
  </details>`;
}
