/** The findings of some days of receipt: those that stand, strongest first, and those that somebody has seen to. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { toResult, api, practicePath } from "../staff_api.js";
import { now } from "../polling.js";
import { practice } from "../practice.js";
import { sayWho } from "../request_status/actor_name.js";
import { formatAgo } from "../formatting.js";
import { problemText, t } from "../texts.js";
import { showToast } from "../toasts.js";
import { Finding } from "./finding.js";

/** @typedef {import("../staff_api.js").Schemas["FindingsOfDays"]} Found */
/** @typedef {{from?: string, to?: string}} Days  of receipt, both included; left out, the last 90 */

/** @param {{days: Days}} props */
export function Findings({ days }) {
  const [found, setFound] = useState(/** @type {Found | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const title = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const load = async () => {
    const call = { params: { path: practicePath(), query: days } };
    const { data, problem: failed } = await toResult(api.GET("/practices/{practice_id}/findings", call));
    if (data) setFound(data);
    setProblem(failed ?? null);
  };
  useEffect(() => void load(), [days.from, days.to]);
  const say = t.value.findings;
  const seenTo = () => {
    showToast({ words: say.done, tone: "good" });
    title.current?.focus();
    return load();
  };
  return html`<section class="panel findings" aria-labelledby="findings-title">
    <h2 id="findings-title" ref=${title} tabindex="-1">${say.heading}</h2>
    ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}
      <button type="button" class="button" onClick=${load}>${t.value.tryAgain}</button></p>`}
    ${!found && !problem && html`<p role="status">${t.value.loading}</p>`}
    ${found && html`
      <p>${say.count(found.misfits, found.requests)}</p>
      ${found.misfits > 0 && html`<ul class="causes">${Object.entries(found.causes).map(
        ([cause, count]) => html`<li>${say.causes[/** @type {keyof typeof say.causes} */ (cause)]} <strong>${count}</strong></li>`,
      )}</ul>`}
      ${found.items.length === 0 && html`<p class="hint">${say.none}</p>`}
      <ul class="found">${found.items.map((one) => html`<${Finding} key=${one.id} finding=${one} days=${{ from: found.from, to: found.to }} onSeenTo=${seenTo} />`)}</ul>
      ${found.handled.length > 0 && html`<${SeenTo} handled=${found.handled} />`}
    `}
  </section>`;
}

/** @param {{handled: Found["handled"]}} props */
function SeenTo({ handled }) {
  return html`<details><summary>${t.value.findings.seenTo(handled.length)}</summary>
    <ul class="plain-list">${handled.map((one) => html`<li key=${one.finding.id}>
      <span lang=${practice.value?.language}>${one.finding.text}</span>
      <span>${t.value.by(sayWho({ by: one.handled_by, by_name: one.handled_by_name }))}, ${formatAgo(one.handled_at, now.value)}</span>
    </li>`)}</ul>
  </details>`;
}
