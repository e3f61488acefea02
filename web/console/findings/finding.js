/** One finding: its sentence, confidence interval, recommended fix, the requests behind it, and "Mark as handled". */
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { formatPercent } from "../format_durations_and_percentages.js";
import { practice } from "../practice.js";
import { RequestLine } from "../request_status/request_line.js";
import { api, fetchRequest, practicePath, toResult } from "../staff_api.js";
import { problemText, t } from "../texts.js";

/** @typedef {import("../staff_api.js").Schemas["DescribedFinding"]} ListedFinding */
/** @typedef {import("../staff_api.js").Problem} Problem */
/** @typedef {import("../staff_api.js").Request} Request */

const PAGE_SIZE = 10;

/** @param {{finding: ListedFinding, days: {from: string, to: string}, onHandled: () => Promise<void>}} props */
export function Finding({ finding, days, onHandled }) {
  const texts = t.value.findings;
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID()); // one key for all attempts, so that a retry has no second effect
  const markHandled = async () => {
    setBusy(true);
    const params = { path: { ...practicePath(), finding_id: finding.id }, query: days, header: { "Idempotency-Key": key.current } };
    const { problem: failed } = await toResult(api.POST("/practices/{practice_id}/findings/{finding_id}/handle", { params }));
    setBusy(false);
    setProblem(failed ?? null);
    if (!failed) await onHandled();
  };
  const { low, high, confidence } = finding.interval;
  const practiceLanguage = practice.value?.language;
  return html`<li>
    <h3 lang=${practiceLanguage}>${finding.text}</h3>
    <p class="hint">${texts.interval(formatPercent(low), formatPercent(high), formatPercent(confidence))}</p>
    <p class="fix"><strong>${texts.fix}</strong> <span lang=${practiceLanguage}>${finding.fix.text}</span></p>
    ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}</p>`}
    <div class="found-foot">
      <${FindingRequests} ids=${finding.request_ids} />
      <button type="button" class="button" disabled=${isBusy} onClick=${markHandled}>${problem ? t.value.tryAgain : texts.handle}</button>
    </div>
  </li>`;
}

/**
 * The requests behind the finding; loaded page by page when the list is opened.
 *
 * @param {{ids: readonly string[]}} props
 */
function FindingRequests({ ids }) {
  const texts = t.value.findings;
  const [items, setItems] = useState(/** @type {Request[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const isLoading = useRef(false);
  const loadMore = async () => {
    if (isLoading.current) return;
    isLoading.current = true;
    const answers = await Promise.all(ids.slice(items.length, items.length + PAGE_SIZE).map(fetchRequest));
    isLoading.current = false;
    const failed = answers.find((one) => one.problem)?.problem ?? null;
    setProblem(failed);
    if (!failed) setItems([...items, ...answers.flatMap((one) => one.data ?? [])]);
  };
  /** @param {Event} event */
  const onToggle = (event) => {
    if (/** @type {HTMLDetailsElement} */ (event.target).open && !items.length) void loadMore();
  };
  return html`<details onToggle=${onToggle}>
    <summary>${texts.evidence(ids.length)}</summary>
    ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}
      <button type="button" class="button" onClick=${loadMore}>${t.value.tryAgain}</button></p>`}
    ${!items.length && !problem && html`<p role="status">${t.value.loading}</p>`}
    <ul class="plain-list">${items.map((one) => html`<${RequestLine} key=${one.id} request=${one} />`)}</ul>
    ${items.length > 0 && items.length < ids.length &&
    html`<button type="button" class="button" onClick=${loadMore}>${t.value.report.more}</button>`}
  </details>`;
}
