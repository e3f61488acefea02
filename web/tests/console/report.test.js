import { json, serve } from "../browser_stubs.js";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { saveCsv } from "../../console/report/csv_download.js";
import { drillDownQuery } from "../../console/report/drill_down.js";
import { session } from "../../console/sign_in/session.js";

const token = `.${btoa(JSON.stringify({ exp: Date.now() / 1000 + 3600 }))}.`;
const QUERY = /** @type {any} */ ({ from: "2026-07-01", to: "2026-07-31" });

/** @type {{href: string, download: string, click: () => void}} */
let link;
let clicks = 0;

describe("The report", () => {
  beforeEach(() => {
    clicks = 0;
    link = { href: "", download: "", click: () => void clicks++ };
    /** @type {any} */ (document).createElement = () => link;
    session.value = /** @type {any} */ ({ practice_id: "prac_1", token });
  });
  afterEach(() => void (session.value = null));

  test("A figure's requests are the group's, narrowed as the report says", () => {
    const report = /** @type {any} */ ({ drill_down: { accepted: "status=accepted" } });
    assert.equal(drillDownQuery(report, "/v1/x?from=a", "accepted"), "/v1/x?from=a&status=accepted");
  });

  test("A figure without a drill-down lists the whole group", () => {
    assert.equal(drillDownQuery(/** @type {any} */ ({ drill_down: {} }), "/v1/x?from=a", "other"), "/v1/x?from=a&");
  });

  test("The CSV file is asked for as such, and named for its period", async () => {
    const calls = serve(() => new Response("a,b", { headers: { "Content-Type": "text/csv" } }));
    assert.equal(await saveCsv(QUERY), undefined);
    assert.equal(calls[0]?.headers.get("Accept"), "text/csv");
    assert.equal(new URL(calls[0]?.url ?? "").search, "?from=2026-07-01&to=2026-07-31");
    assert.deepEqual([link.download, clicks], ["online-scheduling-2026-07-01-2026-07-31.csv", 1]);
  });

  test("The content of the CSV file is freed after the download", async ({ mock }) => {
    serve(() => new Response("a,b", { headers: { "Content-Type": "text/csv" } }));
    const revoke = mock.method(URL, "revokeObjectURL");
    await saveCsv(QUERY);
    assert.deepEqual(revoke.mock.calls[0]?.arguments, [link.href]);
  });

  test("A report that cannot be loaded is a problem, and downloads nothing", async () => {
    serve(() => json({ type: "forbidden", title: "", status: 403 }, 403));
    assert.equal((await saveCsv(QUERY))?.type, "forbidden");
    assert.equal(clicks, 0);
  });
});
