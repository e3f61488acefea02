/** The queue: what waits for a decision, or what was decided, as the practice sees it at this moment. */
import { computed, signal } from "@preact/signals";
import { answer, api, here } from "../calls.js";

/** @typedef {import("../calls.js").Request} Request */
/** @typedef {import("../calls.js").Problem} Problem */

export const VIEWS = /** @type {const} */ (["waiting", "decided", "closed"]);
const STATUSES = { waiting: "pending,proposed", decided: "accepted,rejected", closed: "cancelled,expired" };
const PAGES = 5;
const PER_PAGE = 100;

export const view = signal(/** @type {typeof VIEWS[number]} */ ("waiting"));
export const order = signal(/** @type {"start" | "received"} */ ("start"));
/** What is narrowed here, in the browser: a search never leaves it. */
export const search = signal("");
export const filters = signal({ verdict: "", source: "", practitioner_id: "" });

/** @type {import("@preact/signals").Signal<Request[] | null>} */
const items = signal(null);
/** @type {import("@preact/signals").Signal<Problem | null>} */
export const problem = signal(null);
/** Whether there is more than the queue shows. */
export const hasMore = signal(false);
export const loadedAt = signal("");

/** The row that the keyboard is at. */
export const current = signal("");

export const isLoading = computed(() => items.value === null && problem.value === null);

/** The sources that occur. */
export const sources = computed(() => [...new Set(items.value?.map((one) => one.source))].sort());

export const shown = computed(() => {
  const { verdict, source, practitioner_id } = filters.value;
  return (items.value ?? []).filter(
    (one) =>
      (!verdict || one.fit?.verdict === verdict) &&
      (!source || one.source === source) &&
      (!practitioner_id || (one.accepted ?? one.requested).practitioner_id === practitioner_id) &&
      isFound(one, search.value),
  );
});

export const total = computed(() => items.value?.length ?? 0);

let turn = 0;

/** Reads the queue anew. An answer that a newer question has overtaken is dropped. */
export async function loadQueue() {
  const mine = ++turn;
  /** @type {Request[]} */
  const found = [];
  let cursor = /** @type {string | null} */ (null);
  for (let page = 0; page < PAGES; page++) {
    const query = { status: STATUSES[view.value], order: order.value, limit: PER_PAGE, ...(cursor && { cursor }) };
    const { data, problem: failed } = await answer(
      api.GET("/practices/{practice_id}/requests", { params: { path: here(), query } }),
    );
    if (mine !== turn) return;
    if (failed) {
      problem.value = failed;
      return;
    }
    found.push(...data.items);
    cursor = data.next_cursor ?? null;
    if (!cursor) break;
  }
  items.value = view.value === "waiting" ? found : found.sort(latestFirst);
  hasMore.value = cursor !== null;
  problem.value = null;
  loadedAt.value = new Date().toISOString();
}

/** @param {typeof VIEWS[number]} wanted */
export function show(wanted) {
  view.value = wanted;
  items.value = null;
  return loadQueue();
}

export function forget() {
  turn++;
  items.value = null;
  problem.value = null;
}

/**
 * Moves the keyboard's row.
 *
 * @param {number} by rows, or ±Infinity for the ends
 */
export function move(by) {
  const rows = shown.value;
  const at = rows.findIndex((one) => one.id === current.value);
  const to = Math.min(Math.max(at + by, 0), rows.length - 1);
  current.value = rows[to]?.id ?? "";
}

/**
 * Those that need somebody first, then the latest decision.
 *
 * @param {Request} one
 * @param {Request} other
 */
function latestFirst(one, other) {
  const needs = Number(Boolean(other.attention)) - Number(Boolean(one.attention));
  return needs || (other.decision?.at ?? other.received_at).localeCompare(one.decision?.at ?? one.received_at);
}

/**
 * @param {Request} request
 * @param {string} words
 */
function isFound(request, words) {
  const { first_name, last_name, email, phone } = request.patient;
  const text = fold([first_name, last_name, email, phone, phone?.replace(/\D/g, "")].join(" "));
  return fold(words).split(/\s+/).every((word) => text.includes(word));
}

/** @param {string} text without case and accents */
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
