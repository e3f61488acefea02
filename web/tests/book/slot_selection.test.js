import { goTo, json, serve } from "../browser_stubs.js";
import assert from "node:assert/strict";
import { after, afterEach, beforeEach, describe, mock, test } from "node:test";

goTo("/book/prac_1");
const { practice, practiceId } = await import("../../book/practice.js");
const selection = await import("../../book/slot_selection.js");
const { chooseService, choosePractitioner, changeWeek, clearSelection, retrySearch } = selection;
const { day, days, firstDay, hasEarlier, hasLater, openings, searchState, start, startsOfDay } = selection;
goTo("/console/");

const at = (/** @type {string} */ date, time = "10:00") => ({ start: `${date}T${time}:00-07:00`, duration_minutes: 30 });
/** @param {readonly object[]} items openings; the API returns those within the days that it is asked for */
const serveOpenings = (...items) =>
  serve(({ searchParams }) => {
    const [from, to] = [searchParams.get("from") ?? "", searchParams.get("to") ?? ""];
    return json({ items: items.filter((one) => from <= /** @type {any} */ (one).start.slice(0, 10) && /** @type {any} */ (one).start.slice(0, 10) <= to) });
  });
const queryOf = (/** @type {Request | undefined} */ call) => Object.fromEntries(new URL(call?.url ?? "").searchParams);

describe("The slot selection", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-07-15T05:00:00Z") }); // 14 July at the practice
    practice.value = /** @type {any} */ ({ timezone: "America/Vancouver", services: [{ id: "svc_1" }], practitioners: [{ id: "prov_a" }] });
    clearSelection();
    firstDay.value = "";
  });
  afterEach(() => mock.timers.reset());
  after(() => void (practice.value = null));

  test("The practice is the one in the path", () => assert.equal(practiceId, "prac_1"));

  test("A service is searched for from today at the practice, a week at a time", async () => {
    const calls = serveOpenings(at("2026-07-16"));
    await chooseService("svc_1");
    assert.deepEqual(calls.map(queryOf), [{ service_id: "svc_1", from: "2026-07-14", to: "2026-07-20" }]);
    assert.deepEqual([firstDay.value, day.value, searchState.value], ["2026-07-14", "2026-07-16", "done"]);
  });

  test("The search goes on to the first week with an opening", async () => {
    const calls = serveOpenings(at("2026-07-30"));
    await chooseService("svc_1");
    assert.equal(calls.length, 3);
    assert.deepEqual([firstDay.value, day.value], ["2026-07-28", "2026-07-30"]);
  });

  test("The search ends after four weeks without an opening, and shows this week", async () => {
    const calls = serveOpenings(at("2026-08-20"));
    await chooseService("svc_1");
    assert.equal(calls.length, 4);
    assert.deepEqual([firstDay.value, day.value, openings.value.length, searchState.value], ["2026-07-14", "2026-07-14", 0, "done"]);
  });

  test("A practitioner narrows the search, and is not searched for without a service", async () => {
    const calls = serveOpenings(at("2026-07-16"));
    await choosePractitioner("prov_a");
    assert.equal(calls.length, 0);
    await chooseService("svc_1");
    assert.equal(queryOf(calls[0])["practitioner_id"], "prov_a");
  });

  test("A selected time is kept while it is still open, with its day", async () => {
    serveOpenings(at("2026-07-16"), at("2026-07-17"));
    await chooseService("svc_1");
    start.value = at("2026-07-17").start;
    await retrySearch();
    assert.deepEqual([start.value, day.value], [at("2026-07-17").start, "2026-07-17"]);
  });

  test("A selected time is dropped once it is not open any more", async () => {
    serveOpenings(at("2026-07-16"));
    await chooseService("svc_1");
    start.value = at("2026-07-17").start;
    await retrySearch();
    assert.deepEqual([start.value, day.value], ["", "2026-07-16"]);
  });

  test("Seven days are shown, each with its own start times", async () => {
    serveOpenings(at("2026-07-16", "09:00"), at("2026-07-16", "11:00"), at("2026-07-20", "09:00"));
    await chooseService("svc_1");
    assert.deepEqual(days.value.map(({ starts }) => starts.length), [0, 0, 2, 0, 0, 0, 1]);
    assert.deepEqual(startsOfDay.value.map((text) => text.slice(11, 16)), ["09:00", "11:00"]);
  });

  test("The week before never begins before today", async () => {
    serveOpenings(at("2026-07-16"));
    await chooseService("svc_1");
    assert.equal(hasEarlier.value, false);
    await changeWeek(1);
    assert.deepEqual([firstDay.value, hasEarlier.value], ["2026-07-21", true]);
    firstDay.value = "2026-07-18";
    await changeWeek(-1);
    assert.equal(firstDay.value, "2026-07-14");
  });

  test("Weeks can be turned for a year", () => {
    firstDay.value = "2027-07-12";
    assert.equal(hasLater.value, true);
    firstDay.value = "2027-07-13";
    assert.equal(hasLater.value, false);
  });

  test("A failed search says so and keeps the week", async () => {
    serveOpenings(at("2026-07-16"));
    await chooseService("svc_1");
    serve(() => json({ type: "internal-error", title: "", status: 500 }, 500));
    await changeWeek(1);
    assert.deepEqual([searchState.value, firstDay.value], ["failed", "2026-07-14"]);
  });

  test("A newer search makes an older answer void", async () => {
    /** @type {(answer: Response) => void} */
    let answerLate = () => {};
    serve(() => new Promise((resolve) => (answerLate = resolve)));
    const older = chooseService("svc_1");
    await new Promise(setImmediate);
    serveOpenings(at("2026-07-17"));
    await chooseService("svc_1");
    answerLate(json({ items: [at("2026-07-16")] }));
    await older;
    assert.equal(day.value, "2026-07-17");
  });
});
