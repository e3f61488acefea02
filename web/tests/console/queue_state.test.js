import { json, serve } from "../browser_stubs.js";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import * as queue from "../../console/queue/queue_state.js";
import { session } from "../../console/sign_in/session.js";

const token = `.${btoa(JSON.stringify({ exp: Date.now() / 1000 + 3600 }))}.`;

const request = (/** @type {string} */ id, more = {}) => ({
  id,
  patient: { first_name: "Hélène", last_name: "Tremblay", email: null, phone: "+16045550177" },
  requested: { practitioner_id: "prov_a" },
  source: "website",
  fit: { verdict: "fits" },
  received_at: `2026-07-01T10:0${id.slice(-1)}:00Z`,
  ...more,
});

/** @param {object[]} items of the list; requests that need attention are counted apart */
const serveList = (...items) =>
  serve(({ searchParams }) => json({ items: searchParams.has("attention") ? [request("req_9")] : items, next_cursor: null }));
const ids = () => queue.visibleRequests.value.map(({ id }) => id);
const listCalls = (/** @type {Request[]} */ calls) =>
  calls.map(({ url }) => new URL(url).searchParams).filter((query) => !query.has("attention"));

describe("The queue", () => {
  beforeEach(() => {
    session.value = /** @type {any} */ ({ practice_id: "prac_1", token });
    queue.view.value = "waiting";
    queue.order.value = "start";
    queue.search.value = "";
    queue.filters.value = { verdict: "", source: "", practitioner_id: "" };
    queue.currentRequestId.value = "";
  });
  afterEach(() => void (session.value = null));

  test("The queue shows what is waiting, in the API's order", async () => {
    const calls = serveList(request("req_2"), request("req_1"));
    await queue.loadQueue();
    assert.deepEqual(ids(), ["req_2", "req_1"]);
    assert.equal(listCalls(calls)[0]?.get("status"), "pending,proposed");
    assert.equal(queue.attentionCount.value, 1);
  });

  test("Pages are loaded until the last, and at most five", async () => {
    const calls = serve(() => json({ items: [request("req_1")], next_cursor: "more" }));
    await queue.loadQueue();
    assert.deepEqual([listCalls(calls).length, queue.total.value, queue.hasMore.value], [5, 5, true]);
    assert.deepEqual(listCalls(calls).map((query) => query.get("cursor")), [null, "more", "more", "more", "more"]);
  });

  test("By due time, the earliest comes first and requests without a target last, by receipt", async () => {
    queue.order.value = "due";
    serveList(
      request("req_4"), request("req_3"),
      request("req_2", { answer_by: "2026-07-01T13:00:00Z" }), request("req_1", { answer_by: "2026-07-01T14:00:00+02:00" }),
    );
    await queue.loadQueue();
    assert.deepEqual(ids(), ["req_1", "req_2", "req_3", "req_4"]);
  });

  test("Decided requests come by decision, the latest first", async () => {
    const decided = (/** @type {string} */ at) => ({ decision: { at } });
    serveList(
      request("req_2", decided("2026-07-03T10:00:00Z")),
      request("req_1", decided("2026-07-04T10:00:00Z")),
      request("req_3", decided("2026-07-02T10:00:00Z")),
      request("req_4", { received_at: "2026-07-05T10:00:00Z" }),
    );
    await queue.selectView("decided");
    assert.deepEqual(ids(), ["req_4", "req_1", "req_2", "req_3"]);
    assert.equal(queue.isNewestFirst(), true);
  });

  test("A search ignores case and accents, and wants every word", async () => {
    serveList(request("req_1"), request("req_2", { patient: { first_name: "Ada", last_name: "King", email: null, phone: null } }));
    await queue.loadQueue();
    const terms = /** @type {const} */ ([
      ["helene TREM", ["req_1"]], ["helene king", []], ["", ["req_1", "req_2"]], ["6045550177", ["req_1"]],
    ]);
    for (const [term, found] of terms) {
      queue.search.value = term;
      assert.deepEqual(ids(), found, term);
    }
  });

  test("Filters narrow together; an accepted practitioner counts before the requested one", async () => {
    serveList(
      request("req_1"),
      request("req_2", { accepted: { practitioner_id: "prov_b" } }),
      request("req_3", { fit: { verdict: "conflicts" } }),
      request("req_4", { source: "google" }),
    );
    await queue.loadQueue();
    queue.filters.value = { verdict: "fits", source: "website", practitioner_id: "prov_a" };
    assert.deepEqual(ids(), ["req_1"]);
    assert.deepEqual(queue.sources.value, ["google", "website"]);
  });

  test("The current row moves by rows and stops at the ends", async () => {
    serveList(request("req_1"), request("req_2"), request("req_3"));
    await queue.loadQueue();
    const moves = /** @type {const} */ ([[1, "req_1"], [1, "req_2"], [5, "req_3"], [-1, "req_2"], [-Infinity, "req_1"], [Infinity, "req_3"]]);
    for (const [by, expected] of moves) {
      queue.moveCurrent(by);
      assert.equal(queue.currentRequestId.value, expected);
    }
  });

  test("A failed load keeps what was loaded, and says why", async () => {
    serveList(request("req_1"));
    await queue.loadQueue();
    serve(() => json({ type: "internal-error", title: "", status: 500 }, 500));
    await queue.loadQueue();
    assert.deepEqual([ids(), queue.problem.value?.type], [["req_1"], "internal-error"]);
  });

  test("The answer to an older load does not replace a newer one", async () => {
    /** @type {((answer: Response) => void)[]} */
    const late = [];
    serve(() => new Promise((resolve) => void late.push(resolve)));
    const older = queue.loadQueue();
    while (late.length < 2) await new Promise(setImmediate);
    serveList(request("req_2"));
    await queue.loadQueue();
    for (const answer of late) answer(json({ items: [request("req_1")], next_cursor: null }));
    await older;
    assert.deepEqual(ids(), ["req_2"]);
  });
});
