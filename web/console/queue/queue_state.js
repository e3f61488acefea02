/** State of the queue: loads, filters and sorts the requests of the selected view. */
import { computed, signal } from "@preact/signals";
import { api, practicePath, toResult } from "../staff_api.js";

/** @typedef {import("../staff_api.js").Request} Request */
/** @typedef {import("../staff_api.js").Problem} Problem */

export const VIEWS = /** @type {const} */ (["waiting", "attention", "decided", "closed"]);
/**
 * The list query of each view. Decided and closed requests come newest first, so that recent ones are among those
 * loaded.
 */
const QUERIES = /** @type {const} */ ({
  waiting: { status: "pending,proposed" },
  attention: { attention: "true" },
  decided: { status: "accepted,rejected", order: "newest" },
  closed: { status: "cancelled,expired", order: "newest" },
});
/** `due`: the earliest `answer_by` first; sorted here, not by the API. */
export const ORDERS = /** @type {const} */ (["start", "received", "due"]);
const MAX_PAGES = 5;
const PAGE_SIZE = 100;

export const view = signal(/** @type {typeof VIEWS[number]} */ ("waiting"));
export const order = signal(/** @type {typeof ORDERS[number]} */ ("start"));
/** The search term. It stays in the browser: names must not appear in URLs or logs. */
export const search = signal("");
export const filters = signal({ verdict: "", source: "", practitioner_id: "" });

/** @type {import("@preact/signals").Signal<Request[] | null>} */
const items = signal(null);
/** @type {import("@preact/signals").Signal<Problem | null>} */
export const problem = signal(null);
/** Number of requests that need attention, in whichever view; at most one page of them. */
export const attentionCount = signal(0);
/** Whether there are more requests than were loaded. */
export const hasMore = signal(false);
export const loadedAt = signal("");

/** The row that has or last had the focus. */
export const currentRequestId = signal("");

export const isLoading = computed(() => items.value === null && problem.value === null);

/** The sources of the loaded requests. */
export const sources = computed(() => [...new Set(items.value?.map((one) => one.source))].sort());

export const visibleRequests = computed(() => {
  const { verdict, source, practitioner_id } = filters.value;
  return (items.value ?? []).filter(
    (one) =>
      (!verdict || one.fit?.verdict === verdict) &&
      (!source || one.source === source) &&
      (!practitioner_id || (one.accepted ?? one.requested).practitioner_id === practitioner_id) &&
      matchesSearch(one, search.value),
  );
});

export const total = computed(() => items.value?.length ?? 0);

let latestLoad = 0;

/** Loads the queue. The result of a load is dropped if a newer load has started meanwhile. */
export async function loadQueue() {
  const loadNumber = ++latestLoad;
  void countAttention(loadNumber);
  /** @type {Request[]} */
  const found = [];
  let cursor = /** @type {string | null} */ (null);
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = { ...listQuery(), limit: PAGE_SIZE, ...(cursor && { cursor }) };
    const { data, problem: failed } = await toResult(
      api.GET("/practices/{practice_id}/requests", { params: { path: practicePath(), query } }),
    );
    if (loadNumber !== latestLoad) return;
    if (failed) {
      problem.value = failed;
      return;
    }
    found.push(...data.items);
    cursor = data.next_cursor ?? null;
    if (!cursor) break;
  }
  items.value = sortRequests(found);
  hasMore.value = cursor !== null;
  problem.value = null;
  loadedAt.value = new Date().toISOString();
}

/** The API query of the selected view. Only pending requests can be listed by another order than the view's own. */
function listQuery() {
  const by = view.value === "waiting" && order.value === "received" ? { order: order.value } : {};
  return { ...QUERIES[view.value], ...by };
}

/** @param {number} mine the number of the load that it belongs to */
async function countAttention(mine) {
  const query = { ...QUERIES.attention, limit: PAGE_SIZE };
  const { data } = await toResult(api.GET("/practices/{practice_id}/requests", { params: { path: practicePath(), query } }));
  if (data && mine === latestLoad) attentionCount.value = data.items.length;
}

/** @param {Request[]} found in the API's order */
function sortRequests(found) {
  if (isNewestFirst()) return found.sort(latestFirst);
  return view.value === "waiting" && order.value === "due" ? found.sort(soonestFirst) : found;
}

/** Whether the view lists the newest first, so that the oldest are missing if there are too many. */
export const isNewestFirst = () => "order" in QUERIES[view.value];

/** @param {typeof VIEWS[number]} newView */
export function selectView(newView) {
  view.value = newView;
  items.value = null;
  return loadQueue();
}

/**
 * Makes another row current.
 *
 * @param {number} by rows, or ±Infinity for the ends
 */
export function moveCurrent(by) {
  const rows = visibleRequests.value;
  const at = rows.findIndex((one) => one.id === currentRequestId.value);
  const to = Math.min(Math.max(at + by, 0), rows.length - 1);
  currentRequestId.value = rows[to]?.id ?? "";
}

/**
 * Orders by decision, the latest first.
 *
 * @param {Request} one
 * @param {Request} other
 */
function latestFirst(one, other) {
  return (other.decision?.at ?? other.received_at).localeCompare(one.decision?.at ?? one.received_at);
}

/**
 * Orders by `answer_by`, the earliest first; without a target by time of receipt.
 *
 * @param {Request} one
 * @param {Request} other
 */
function soonestFirst(one, other) {
  const [due, otherDue] = [one, other].map((each) => (each.answer_by ? Date.parse(each.answer_by) : Infinity));
  return due === otherDue ? one.received_at.localeCompare(other.received_at) : /** @type {number} */ (due) - /** @type {number} */ (otherDue);
}

/**
 * @param {Request} request
 * @param {string} query
 */
function matchesSearch(request, query) {
  const { first_name, last_name, email, phone } = request.patient;
  const text = normalize([first_name, last_name, email, phone, phone?.replace(/\D/g, "")].join(" "));
  return normalize(query).split(/\s+/).every((word) => text.includes(word));
}

/** @param {string} text without case and accents */
const normalize = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
