/** The first screen of the day: who waits, since when, and what is in the way. */
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { openDialog } from "../dialogs.js";
import { now, usePolling } from "../polling.js";
import { canCreate, practice } from "../practice.js";
import { pathTo, navigate } from "../router.js";
import { formatAgo } from "../formatting.js";
import { problemText, t } from "../texts.js";
import { isShortcut, useShortcuts } from "../keyboard_shortcuts.js";
import { Filters } from "./queue_filters.js";
import { Row } from "./queue_row.js";
import * as queue from "./queue_state.js";

const EVERY_SECONDS = 5;

export function QueuePage() {
  usePolling(queue.loadQueue, EVERY_SECONDS, [queue.view.value, queue.order.value]);
  const list = useRef(/** @type {HTMLUListElement | null} */ (null));
  useShortcuts({ "/": () => document.getElementById("search")?.focus(), j: () => step(1), k: () => step(-1) });
  const rows = queue.shown.value;
  const held = rows.some((one) => one.id === queue.current.value) ? queue.current.value : rows[0]?.id;
  useKeptFocus(list, rows, held);

  /** @param {number} by */
  const step = (by) => {
    queue.current.value = held ?? "";
    if (list.current?.contains(document.activeElement)) queue.move(by);
    focusOn(queue.current.value);
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-request]") : null;
    const request = rows.find((one) => one.id === row?.getAttribute("data-request"));
    if (!request || !isShortcut(event)) return;
    queue.current.value = request.id;
    const decidable = request.status === "pending";
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Home: () => step(-Infinity),
      End: () => step(Infinity),
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
  const more = queue.isNewestFirst() ? t.value.queue.older : t.value.queue.more;
  return html`
    <div class="queue-page">
      <h1>${t.value.screens["requests"]}</h1>
      <${Filters} />
      <${State} />
      <ul class="queue" ref=${list} onKeyDown=${press} aria-label=${t.value.queue.views[queue.view.value]}>
        ${rows.map((one) => html`<${Row} key=${one.id} request=${one} isHeld=${one.id === held} />`)}
      </ul>
      ${!rows.length && !queue.isLoading.value && html`<${Nothing} />`}
      ${queue.hasMore.value && html`<p class="hint">${more(queue.total.value)}</p>`}
    </div>
  `;
}

/** How true the list is: loading, old because the network fails, or of this moment. */
function State() {
  const say = t.value.queue;
  const failed = queue.problem.value;
  if (failed) {
    return html`<div class="notice bad" role="alert">
      <span>${problemText(failed)} ${queue.loadedAt.value && say.old(formatAgo(queue.loadedAt.value, now.value))}</span>
      <button type="button" class="button" onClick=${queue.loadQueue}>${t.value.tryAgain}</button>
    </div>`;
  }
  const freshness = practice.value?.pms.freshness;
  return html`
    <p class="state" role="status">
      ${queue.isLoading.value ? t.value.loading : say.count(queue.shown.value.length, queue.total.value)}
    </p>
    ${freshness?.is_stale &&
    html`<p class="notice warn">${say.stale(freshness.synced_at ? formatAgo(freshness.synced_at, now.value) : null)}</p>`}
  `;
}

function Nothing() {
  const say = t.value.queue;
  const narrowed = queue.total.value > 0;
  return html`<p class="nothing">${narrowed ? say.nothingFound : say.nothing[queue.view.value]}</p>`;
}

/**
 * When the row that had the focus is gone (decided, by us or a colleague), the one that took its place gets it.
 *
 * @param {{current: HTMLUListElement | null}} list
 * @param {readonly {id: string}[]} rows
 * @param {string | undefined} held
 */
function useKeptFocus(list, rows, held) {
  const before = useRef({ ids: /** @type {string[]} */ ([]), had: "" });
  useEffect(() => {
    const { ids, had } = before.current;
    const lost = had && !rows.some((one) => one.id === had) && document.activeElement === document.body;
    if (lost) focusOn(rows[Math.min(ids.indexOf(had), rows.length - 1)]?.id ?? "");
    const row = document.activeElement?.closest("[data-request]");
    const inside = list.current?.contains(row ?? null) ? row?.getAttribute("data-request") : undefined;
    before.current = { ids: rows.map((one) => one.id), had: inside ?? (openDialog.value ? (held ?? "") : lost ? (held ?? "") : "") };
  });
}

/** @param {string} id */
function focusOn(id) {
  queue.current.value = id;
  const row = document.querySelector(`[data-request="${CSS.escape(id)}"] a`);
  if (row instanceof HTMLElement) row.focus();
}
