import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dayOf, draftChanges, draftOf, timeOf } from "../../console/decisions/appointment_draft.js";

const REQUESTED = /** @type {any} */ ({
  start: "2026-11-01T01:30:00-04:00",
  duration_minutes: 30,
  practitioner_id: "prov_a",
  chair_id: null,
  service_id: "svc_cleaning",
});

describe("The drafted appointment", () => {
  test("A draft begins as requested, in wall time to the minute", () => {
    const draft = draftOf(REQUESTED);
    assert.deepEqual(draft, {
      start: "2026-11-01T01:30", duration_minutes: 30, practitioner_id: "prov_a", chair_id: "", service_id: "svc_cleaning",
    });
    assert.deepEqual([dayOf(draft), timeOf(draft)], ["2026-11-01", "01:30"]);
  });

  test("An unchanged time is sent with its offset, so that a repeated hour stays the one asked for", () => {
    assert.equal(draftChanges(draftOf(REQUESTED), REQUESTED).start, "2026-11-01T01:30:00-04:00");
  });

  test("A changed time is sent as wall time, for the API to place in the practice's zone", () => {
    assert.equal(draftChanges({ ...draftOf(REQUESTED), start: "2026-11-01T09:00" }, REQUESTED).start, "2026-11-01T09:00");
  });

  test("An id that is not chosen is not sent", () => {
    const changes = draftChanges({ ...draftOf(REQUESTED), practitioner_id: "", service_id: "" }, REQUESTED);
    assert.deepEqual(Object.keys(changes), ["start", "duration_minutes"]);
  });

  test("A chosen chair is sent", () => {
    assert.equal(draftChanges({ ...draftOf(REQUESTED), chair_id: "chr_b" }, REQUESTED).chair_id, "chr_b");
  });
});
