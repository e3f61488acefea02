import "../browser_stubs.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { secondsUntil } from "../../console/email_countdown.js";

describe("The countdown to an e-mail", () => {
  const dueAt = Date.parse("2026-07-01T17:00:20Z");

  test("It counts whole seconds, and never shows 0 before the end", () => {
    const left = ["17:00:00Z", "17:00:19.200Z", "17:00:20Z"].map((time) => secondsUntil(dueAt, Date.parse(`2026-07-01T${time}`)));
    assert.deepEqual(left, [20, 1, 0]);
  });

  test("It stays 0 after the end", () => assert.equal(secondsUntil(dueAt, dueAt + 60_000), 0));
});
