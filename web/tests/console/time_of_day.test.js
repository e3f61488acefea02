import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toMinutes, toTimeOfDay } from "../../console/time_of_day.js";

describe("Times of the day", () => {
  test("A time of day is counted in minutes since midnight, with or without seconds", () => {
    assert.equal(toMinutes("00:00"), 0);
    assert.equal(toMinutes("14:30"), 870);
    assert.equal(toMinutes("08:05:00"), 485);
  });

  test("Minutes become a time of day with two digits each", () => {
    assert.equal(toTimeOfDay(485), "08:05");
    assert.equal(toTimeOfDay(870.4), "14:30");
  });

  test("A time of day stays within its day", () => {
    assert.equal(toTimeOfDay(-5), "00:00");
    assert.equal(toTimeOfDay(24 * 60), "23:59");
  });

  test("Every minute of the day survives both conversions", () => {
    for (let minute = 0; minute < 24 * 60; minute++) assert.equal(toMinutes(toTimeOfDay(minute)), minute);
  });
});
