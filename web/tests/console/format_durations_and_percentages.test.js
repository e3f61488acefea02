import "../browser_stubs.js";
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { formatAgo, formatDuration, formatPercent, formatUntil } from "../../console/format_durations_and_percentages.js";
import { language } from "../../shared/language.js";

const NOW = Date.parse("2026-07-15T12:00:00Z");
const MINUTE = 60_000;

describe("Formatting", () => {
  beforeEach(() => void (language.value = "en"));

  /** @param {number} minutes */
  const ago = (minutes) => formatAgo(new Date(NOW - minutes * MINUTE).toISOString(), NOW);
  /** @param {number} minutes */
  const until = (minutes) => formatUntil(new Date(NOW + minutes * MINUTE).toISOString(), NOW);

  test("A past moment is counted in minutes, then hours, then days", () => {
    assert.equal(ago(5), "5 min. ago");
    assert.equal(ago(59), "59 min. ago");
    assert.equal(ago(60), "1 hr. ago");
    assert.equal(ago(47 * 60), "47 hr. ago");
    assert.equal(ago(48 * 60), "2 days ago");
  });

  test("A moment of less than half a minute ago is just now", () => assert.equal(ago(0.4), "just now"));

  test("A clock that is behind the server's does not make the past the future", () => assert.equal(ago(-3), ago(0)));

  test("A coming moment is at least a minute away", () => {
    assert.equal(until(120), "in 2 hr.");
    assert.equal(until(0), "in 1 min.");
    assert.equal(until(-10), "in 1 min.");
  });

  test("Relative times follow the language of the page", () => {
    language.value = "fr";
    assert.equal(until(120).replace(/[\u00a0\u202f]/g, " "), "dans 2 h");
  });

  test("A duration is in minutes below an hour, and in hours with two digits of minutes above", () => {
    assert.equal(formatDuration(45), "45 min");
    assert.equal(formatDuration(60), "1 h");
    assert.equal(formatDuration(65), "1 h 05");
    assert.equal(formatDuration(0), "0 min");
  });

  test("A share is a whole percentage, and a dash where nothing was counted", () => {
    assert.equal(formatPercent(0.666), "67%");
    assert.equal(formatPercent(0), "0%");
    assert.equal(formatPercent(null), "–");
  });
});
