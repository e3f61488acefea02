/** The shared cases of tests/cases/obstacles.json; Python runs the API's own rules against the same file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { dayOf, draftOf } from "../../console/decisions/appointment_draft.js";
import { findObstacles, suggestChair } from "../../console/decisions/find_obstacles.js";

/**
 * @typedef {object} Case
 * @property {string} description
 * @property {Record<string, unknown>} [practice]
 * @property {any} slot
 * @property {Record<string, Record<string, {start: string, duration_minutes: number}>>} [sheets]
 * @property {string[]} obstacles
 * @property {{obstacles: string[], reason: string}} [console]
 * @property {string} chair_id
 */
const file = JSON.parse(readFileSync(new URL("../../../tests/cases/obstacles.json", import.meta.url), "utf8"));
const cases = /** @type {Case[]} */ (file.cases);
const placements = /** @type {Case[]} */ (file.placements);

/** The practice as the API sends it; whether its data is stale is the API's word. @param {Case} one */
function practiceOf(one) {
  const is_stale = one.obstacles?.includes("pms_data_stale") ?? false;
  return { ...file.practice, ...one.practice, pms: { freshness: { is_stale } } };
}

/** The day as the API sends it: one column for each active chair and practitioner. @param {Case} one @param {any} practice */
function dayOfCase(one, practice) {
  const date = dayOf(draftOf(one.slot));
  const columns = (/** @type {string} */ kind, /** @type {{id: string, name: string, active: boolean}[]} */ things) =>
    things.filter(({ active }) => active).map(({ id, name }) => ({
      id,
      name,
      busy: Object.entries(one.sheets?.[`${date} ${kind} ${id}`] ?? {}).map(([appointment_id, busy]) => ({ appointment_id, ...busy })),
    }));
  return /** @type {any} */ ({
    date,
    chairs: columns("chair", practice.chairs),
    practitioners: columns("practitioner", practice.practitioners),
  });
}

/** @param {import("../../console/decisions/find_obstacles.js").Obstacle} obstacle */
const inShort = ({ code, appointment_id, resource_id }) => [code, appointment_id ?? resource_id].filter(Boolean).join(" ");

describe("The obstacles of a draft are those of the shared cases", () => {
  for (const one of cases) {
    test(one.description + (one.console ? " (the console differs)" : ""), () => {
      const practice = practiceOf(one);
      const found = findObstacles(practice, dayOfCase(one, practice), draftOf(one.slot)).map(inShort);
      assert.deepEqual(found, one.console?.obstacles ?? one.obstacles, one.console?.reason);
    });
  }
});

describe("A draft is drawn in the chair of the shared cases", () => {
  for (const one of placements) {
    test(one.description, () => {
      const practice = practiceOf(one);
      assert.equal(suggestChair(practice, dayOfCase(one, practice), draftOf(one.slot)), one.chair_id);
    });
  }
});

test("The console differs only where the result differs, and says why", () => {
  for (const one of cases.filter((each) => each.console)) {
    assert.notDeepEqual(one.console?.obstacles, one.obstacles, one.description);
    assert.ok(one.console?.reason, one.description);
  }
});
