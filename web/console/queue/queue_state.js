/** The queue: what waits for a decision, or what was decided, as the practice sees it at this moment. */
import { computed, signal } from "@preact/signals";
import { toResult, api, practicePath } from "../staff_api.js";

/** @typedef {import("../staff_api.js").Request} Request */
/** @typedef {import("../staff_api.js").Problem} Problem */

export const VIEWS = /** @type {const} */ (["waiting", "attention", "decided", "closed"]);
/** The list query behind each view; what has been settled comes newest first, so that it does not sink below the old. */
const QUERIES = /** @type {const} */ ({
  waiting: { status: "pending,proposed" },
  attention: { attention: "true" },
  decided: { status: "accepted,rejected", order: "newest" },
  closed: { status: "cancelled,expired", order: "newest" },
});
/** `due`: what should be answered soonest first. */
export const ORDERS = /** @type {const} */ (["start", "received", "due"]);
const MAX_PAGES = 5;
const PAGE_SIZE = 100;

export const view = signal(/** @type {typeof VIEWS[number]} */ ("waiting"));
export const order = signal(/** @type {typeof ORDERS[number]} */ ("start"));
/** What is narrowed here, in the browser: a search never leaves it. */
export const search = signal("");
export const filters = signal({ verdict: "", source: "", practitioner_id: "" });

/** @type {import("@preact/signals").Signal<Request[] | null>} */
const items = signal(null);
/** @type {import("@preact/signals").Signal<Problem | null>} */
export const problem = signal(null);
/** How many ask for somebody's attention, whatever is shown; as many as one page holds. */
export const attentionCount = signal(0);
/** Whether there is more than the queue shows. */
export const hasMore = signal(false);
export const loadedAt = signal("");

/** The row that the keyboard is at. */
export const currentRequestId = signal("");

export const isLoading = computed(() => items.value === null && problem.value === null);

/** The sources that occur. */
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

/** Reads the queue anew. An answer that a newer question has overtaken is dropped. */
export async function loadQueue() {
  const mine = ++latestLoad;
  void countAttention(mine);
  /** @type {Request[]} */
  const found = [];
  let cursor = /** @type {string | null} */ (null);
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = { ...listQuery(), limit: PAGE_SIZE, ...(cursor && { cursor }) };
    const { data, problem: failed } = await toResult(
      api.GET("/practices/{practice_id}/requests", { params: { path: practicePath(), query } }),
    );
    if (mine !== latestLoad) return;
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

/** Which requests, and in which order the API is to list them: only those that wait can be asked for in another. */
function listQuery() {
  const by = view.value === "waiting" && order.value === "received" ? { order: order.value } : {};
  return { ...QUERIES[view.value], ...by };
}

/** @param {number} mine the turn it belongs to */
async function countAttention(mine) {
  const query = { ...QUERIES.attention, limit: PAGE_SIZE };
  const { data } = await toResult(api.GET("/practices/{practice_id}/requests", { params: { path: practicePath(), query } }));
  if (data && mine === latestLoad) attentionCount.value = data.items.length;
}

/** @param {Request[]} found in the order in which the API lists them */
function sortRequests(found) {
  if (isNewestFirst()) return found.sort(latestFirst);
  return view.value === "waiting" && order.value === "due" ? found.sort(soonestFirst) : found;
}

/** Whether what came in last is shown, and the oldest is left out if there is too much. */
export const isNewestFirst = () => "order" in QUERIES[view.value];

/** @param {typeof VIEWS[number]} wanted */
export function selectView(wanted) {
  view.value = wanted;
  items.value = null;
  return loadQueue();
}

export function clearQueue() {
  latestLoad++;
  items.value = null;
  problem.value = null;
  attentionCount.value = 0;
}

/**
 * Moves the keyboard's row.
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
 * The latest decision first.
 *
 * @param {Request} one
 * @param {Request} other
 */
function latestFirst(one, other) {
  return (other.decision?.at ?? other.received_at).localeCompare(one.decision?.at ?? one.received_at);
}

/**
 * What is to be answered soonest first; where the practice has set no target, the longest waiting.
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
