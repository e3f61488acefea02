import "../browser_stubs.js";
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { language } from "../../shared/language.js";
import { addDays, asUtcDate, formatDateRange, formatLongDate, formatShortDate, formatTime, isDay, today } from "../../shared/wall_time.js";

describe("Days in a path", () => {
  test("Only a date of the calendar is a day", () => {
    assert.deepEqual(["2026-07-15", "2028-02-29"].map(isDay), [true, true]);
    const others = ["", "today", "2026-7-15", "2026-13-01", "2026-02-30", "2026-99-99", "2026-07-15T10:00", "0000-00-00"];
    assert.deepEqual(others.filter(isDay), []);
  });
});

describe("Wall time", () => {
  beforeEach(() => void (language.value = "en"));

  /** Without the narrow spaces that differ between versions of Unicode's data. @param {string} text */
  const plain = (text) => text.replace(/[\u00a0\u202f\u2009]/g, " ");

  test("A time is shown as the API wrote it, whatever its offset", () => {
    assert.equal(plain(formatTime("2026-07-15T15:00:00-07:00")), "3:00 p.m.");
    assert.equal(plain(formatTime("2026-07-15T15:00:00+09:00")), "3:00 p.m.");
    assert.equal(plain(formatTime("2026-07-15T15:00")), "3:00 p.m.");
  });

  test("A date keeps its day at either end of the day", () => {
    assert.equal(formatLongDate("2026-07-15T23:59:00-07:00"), "Wednesday, July 15, 2026");
    assert.equal(formatLongDate("2026-07-15T00:00:00+14:00"), "Wednesday, July 15, 2026");
    assert.equal(formatLongDate("2026-07-15"), "Wednesday, July 15, 2026");
  });

  test("A short date names the weekday", () => assert.equal(formatShortDate("2026-07-15"), "Wed, Jul 15"));

  test("Dates and times follow the language of the page", () => {
    language.value = "fr";
    assert.equal(plain(formatTime("2026-07-15T15:30:00-07:00")), "15 h 30");
    assert.equal(formatLongDate("2026-07-15"), "mercredi 15 juillet 2026");
  });

  test("A range within a month names the month once", () => {
    const range = (/** @type {[string, string]} */ ...days) => formatDateRange(...days).replace(/\s*–\s*/, " – ");
    assert.equal(range("2026-07-15", "2026-07-21"), "Jul 15 – 21");
    assert.equal(range("2026-07-29", "2026-08-04"), "Jul 29 – Aug 4");
  });

  test("Days are added across months, years, leap days and changes of the clocks", () => {
    assert.equal(addDays("2026-07-31", 1), "2026-08-01");
    assert.equal(addDays("2026-01-01", -1), "2025-12-31");
    assert.equal(addDays("2028-02-28", 1), "2028-02-29");
    assert.equal(addDays("2026-03-07", 2), "2026-03-09");
    assert.equal(addDays("2026-11-02", -2), "2026-10-31");
  });

  test("The UTC fields of a date hold the wall time, without seconds", () => {
    assert.equal(asUtcDate("2026-07-15T15:00:59-07:00").toISOString(), "2026-07-15T15:00:00.000Z");
    assert.equal(asUtcDate("2026-07-15").toISOString(), "2026-07-15T00:00:00.000Z");
  });

  test("Today is the date at the practice, not in UTC", ({ mock }) => {
    mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-07-15T02:00:00Z") });
    assert.equal(today("America/Toronto"), "2026-07-14");
    assert.equal(today("UTC"), "2026-07-15");
  });
});
