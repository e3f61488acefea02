import { json, serve } from "../browser_stubs.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { api, toResult } from "../../shared/api_client.js";

const call = () => toResult(api.GET("/public/practices/{practice_id}", { params: { path: { practice_id: "prac_1" } } }));

describe("The API client", () => {
  test("A call goes to the API of the same host, and its data is the result", async () => {
    const calls = serve(() => json({ id: "prac_1" }));
    const { data, problem } = await call();
    assert.equal(calls[0]?.url, "http://127.0.0.1/v1/public/practices/prac_1");
    assert.deepEqual([data, problem], [{ id: "prac_1" }, undefined]);
  });

  test("A problem document is the problem", async () => {
    serve(() => json({ type: "not-found", title: "Not found", status: 404 }, 404));
    assert.deepEqual(await call(), { problem: { type: "not-found", title: "Not found", status: 404 } });
  });

  test("A proxy's error page becomes an internal error with its status", async () => {
    serve(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    assert.deepEqual(await call(), { problem: { type: "internal-error", title: "", status: 502 } });
  });

  test("A network failure becomes a problem instead of an exception", async () => {
    serve(() => Promise.reject(new TypeError("fetch failed")));
    assert.deepEqual(await call(), { problem: { type: "unreachable", title: "", status: 0 } });
  });
});
