import { goTo } from "../browser_stubs.js";
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { currentRoute, navigate, onLinkClick, pathTo, replacePath } from "../../console/router.js";

describe("The router", () => {
  after(() => goTo("/console/"));

  test("The console opens on the requests", () => {
    navigate("/console/");
    assert.deepEqual(currentRoute.value, { screen: "requests", detail: undefined });
  });

  test("A path names a screen, and the id or date that it shows", () => {
    navigate("/console/schedule/2026-07-15");
    assert.deepEqual(currentRoute.value, { screen: "schedule", detail: "2026-07-15" });
  });

  test("The path of the requests is the root, unless one request is shown", () => {
    assert.equal(pathTo("requests"), "/console/");
    assert.equal(pathTo("requests", "req_1"), "/console/requests/req_1");
    assert.equal(pathTo("report"), "/console/report");
  });

  test("Every path leads back to its screen", () => {
    for (const [screen, detail] of /** @type {const} */ ([["requests", "req_1"], ["requests", "a/b %"], ["requests", undefined], ["settings", undefined]])) {
      navigate(pathTo(screen, detail));
      assert.deepEqual(currentRoute.value, { screen, detail });
    }
  });

  test("A malformed or unknown path is no crash: it names what cannot be found", () => {
    navigate("/console/requests/%E0%A4%A");
    assert.deepEqual(currentRoute.value, { screen: "requests", detail: "%E0%A4%A" });
    navigate("/console/requests/req_1/history");
    assert.deepEqual(currentRoute.value, { screen: "unknown", detail: undefined });
    navigate("/console/requests/req_1/");
    assert.deepEqual(currentRoute.value, { screen: "requests", detail: "req_1" });
  });

  test("Going to another screen adds an entry to the history, staying adds none", ({ mock }) => {
    navigate("/console/");
    const push = mock.method(history, "pushState");
    navigate("/console/report");
    navigate("/console/report");
    assert.equal(push.mock.callCount(), 1);
  });

  test("Replacing a path adds no entry to the history", ({ mock }) => {
    const push = mock.method(history, "pushState");
    replacePath("/console/schedule/2026-07-16");
    assert.equal(currentRoute.value.detail, "2026-07-16");
    assert.equal(push.mock.callCount(), 0);
  });

  /**
   * Clicks a link and says whether the router opened it.
   *
   * @param {string} href
   * @param {object} [more] of the event
   * @param {string} [download]
   */
  function click(href, more = {}, download = "") {
    const { pathname, origin } = new URL(href, location.href);
    const link = Object.assign(new (/** @type {any} */ (globalThis).Element)(), { pathname, origin, download });
    link.closest = () => link;
    let isOurs = false;
    onLinkClick(/** @type {any} */ ({ target: link, button: 0, preventDefault: () => (isOurs = true), ...more }));
    return isOurs;
  }

  test("A plain click on a link of the console opens it without reloading the page", () => {
    assert.equal(click("/console/findings"), true);
    assert.equal(currentRoute.value.screen, "findings");
  });

  test("The browser keeps links to other pages, other hosts and files", () => {
    assert.equal(click("/book/prac_1"), false);
    assert.equal(click("https://example.org/console/"), false);
    assert.equal(click("/console/report.csv", {}, "report.csv"), false);
  });

  test("The browser keeps clicks that open another tab or window", () => {
    for (const how of [{ button: 1 }, { metaKey: true }, { ctrlKey: true }, { shiftKey: true }]) {
      assert.equal(click("/console/findings", how), false);
    }
  });
});
