/** The queue screen: list of requests with filters and keyboard navigation. */
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { openDialog } from "../open_dialog.js";
import { formatAgo } from "../format_durations_and_percentages.js";
import { isShortcut, useShortcuts } from "../keyboard_shortcuts.js";
import { now, usePolling } from "../polling.js";
import { canCreate, practice } from "../practice.js";
import { navigate, pathTo } from "../router.js";
import { problemText, t } from "../texts.js";
import { Filters } from "./queue_filters.js";
import { QueueRow } from "./queue_row.js";
import * as queue from "./queue_state.js";

const POLL_SECONDS = 5;

export function QueuePage() {
  usePolling(queue.loadQueue, POLL_SECONDS, [queue.view.value, queue.order.value]);
  const list = useRef(/** @type {HTMLUListElement | null} */ (null));
  useShortcuts({ "/": () => document.getElementById("search")?.focus(), j: () => moveFocus(1), k: () => moveFocus(-1) });
  const rows = queue.visibleRequests.value;
  const currentId = rows.some((one) => one.id === queue.currentRequestId.value) ? queue.currentRequestId.value : rows[0]?.id;
  useKeptFocus(list, rows, currentId);

  /** @param {number} by */
  const moveFocus = (by) => {
    queue.currentRequestId.value = currentId ?? "";
    if (list.current?.contains(document.activeElement)) queue.moveCurrent(by);
    focusRow(queue.currentRequestId.value);
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-request]") : null;
    const request = rows.find((one) => one.id === row?.getAttribute("data-request"));
    if (!request || !isShortcut(event)) return;
    queue.currentRequestId.value = request.id;
    const decidable = request.status === "pending";
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => moveFocus(1),
      ArrowUp: () => moveFocus(-1),
      Home: () => moveFocus(-Infinity),
      End: () => moveFocus(Infinity),
      o: () => navigate(pathTo("requests", request.id)),
      ...(decidable && {
        a: () => (openDialog.value = { kind: canCreate() ? "accept" : "link", request }),
        l: () => (openDialog.value = { kind: "link", request }),
        r: () => (openDialog.value = { kind: "reject", request }),
      }),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]?.();
  };
  const more = queue.isNewestFirst() ? t.value.queue.newestOnly : t.value.queue.firstOnly;
  return html`
    <div class="queue-page">
      <h1>${t.value.screens["requests"]}</h1>
      <${Filters} />
      <${QueueState} />
      <ul class="queue" ref=${list} onKeyDown=${onKeyDown} aria-label=${t.value.queue.views[queue.view.value]}>
        ${rows.map((one) => html`<${QueueRow} key=${one.id} request=${one} isCurrent=${one.id === currentId} />`)}
      </ul>
      ${!rows.length && !queue.isLoading.value && html`<${EmptyQueue} />`}
      ${queue.hasMore.value && html`<p class="hint">${more(queue.total.value)}</p>`}
    </div>
  `;
}

/** Says whether the list is loading, outdated because loading failed, or current. */
function QueueState() {
  const texts = t.value.queue;
  const failed = queue.problem.value;
  if (failed) {
    return html`<div class="notice bad" role="alert">
      <span>${problemText(failed)} ${queue.loadedAt.value && texts.loadedAgo(formatAgo(queue.loadedAt.value, now.value))}</span>
      <button type="button" class="button" onClick=${queue.loadQueue}>${t.value.tryAgain}</button>
    </div>`;
  }
  const freshness = practice.value?.pms.freshness;
  return html`
    <p class="state" role="status">
      ${queue.isLoading.value ? t.value.loading : texts.count(queue.visibleRequests.value.length, queue.total.value)}
    </p>
    ${freshness?.is_stale &&
    html`<p class="notice warn">${texts.stale(freshness.synced_at ? formatAgo(freshness.synced_at, now.value) : null)}</p>`}
  `;
}

function EmptyQueue() {
  const texts = t.value.queue;
  const narrowed = queue.total.value > 0;
  return html`<p class="nothing">${narrowed ? texts.noMatch : texts.empty[queue.view.value]}</p>`;
}

/**
 * When the focused row disappears because somebody decided its request, the row that took its place gets the focus.
 *
 * @param {{current: HTMLUListElement | null}} list
 * @param {readonly {id: string}[]} rows
 * @param {string | undefined} currentId
 */
function useKeptFocus(list, rows, currentId) {
  const previous = useRef({ ids: /** @type {string[]} */ ([]), focusedId: "" });
  useEffect(() => {
    const { ids, focusedId } = previous.current;
    const isLost = focusedId && !rows.some((one) => one.id === focusedId) && document.activeElement === document.body;
    if (isLost) focusRow(rows[Math.min(ids.indexOf(focusedId), rows.length - 1)]?.id ?? "");
    const row = document.activeElement?.closest("[data-request]");
    const inside = list.current?.contains(row ?? null) ? row?.getAttribute("data-request") : undefined;
    previous.current = { ids: rows.map((one) => one.id), focusedId: inside ?? (openDialog.value ? (currentId ?? "") : isLost ? (currentId ?? "") : "") };
  });
}

/** @param {string} id */
function focusRow(id) {
  queue.currentRequestId.value = id;
  const row = document.querySelector(`[data-request="${CSS.escape(id)}"] a`);
  if (row instanceof HTMLElement) row.focus();
}
