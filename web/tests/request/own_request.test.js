import { goTo, json, serve } from "../browser_stubs.js";
import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { failure, isWithdrawing, load, practice, request, withdraw } from "../../request/own_request.js";

const problem = (/** @type {number} */ status) => json({ type: "some-problem", title: "", status }, status);
const own = (status = "pending") => json({ status, practice: { id: "prac_1" } });
const isPractice = (/** @type {URL} */ url) => url.pathname.includes("/practices/");

describe("The patient's own request", () => {
  beforeEach(() => {
    goTo("/request/#tok%2Fen");
    request.value = practice.value = failure.value = null;
  });
  after(() => goTo("/console/"));

  test("The token in the fragment finds the request, and then the names of its practice", async () => {
    const calls = serve((url) => (isPractice(url) ? json({ id: "prac_1", language: "en" }) : own()));
    await load();
    assert.deepEqual(calls.map(({ url }) => new URL(url).pathname), ["/v1/public/requests/tok%2Fen", "/v1/public/practices/prac_1"]);
    assert.deepEqual([request.value?.status, failure.value], ["pending", null]);
  });

  test("The request is shown even if the names of its practice cannot be loaded", async () => {
    serve((url) => (isPractice(url) ? problem(500) : own()));
    await load();
    assert.deepEqual([request.value?.status, failure.value], ["pending", null]);
  });

  test("An unknown token is told apart from a failure", async () => {
    serve(() => problem(404));
    await load();
    assert.equal(failure.value, "not_found");
    serve(() => problem(500));
    await load();
    assert.equal(failure.value, "unreachable");
  });

  test("A malformed fragment finds nothing, and the page says so", async () => {
    for (const hash of ["%E0%A4%A", "%", "%ff.req_1.x", ""]) {
      goTo(`/request/#${hash}`);
      failure.value = null;
      serve(() => problem(404));
      await load();
      assert.deepEqual([request.value, failure.value], [null, "not_found"]);
    }
  });

  test("A withdrawn request is shown as the API returns it", async () => {
    serve(() => own("cancelled"));
    await withdraw();
    assert.deepEqual([request.value?.status, failure.value, isWithdrawing.value], ["cancelled", null, false]);
  });

  test("Every attempt to withdraw has the same idempotency key", async () => {
    const calls = serve(() => problem(500));
    await withdraw();
    await withdraw();
    const [first, second] = calls.map(({ headers }) => headers.get("Idempotency-Key"));
    assert.ok(first);
    assert.equal(second, first);
    assert.equal(failure.value, "not_withdrawn");
  });

  test("A request that was answered meanwhile is loaded again, with its answer", async () => {
    serve((url, { method }) => (method === "POST" ? problem(409) : isPractice(url) ? json({ language: "en" }) : own("accepted")));
    await withdraw();
    assert.deepEqual([request.value?.status, failure.value], ["accepted", "already_answered"]);
  });
});
