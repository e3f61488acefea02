/** Maps paths under /console/ to screens. Paths contain ids and dates, never names or search terms. */
import { computed, signal } from "@preact/signals";
import { decodeUrlPart } from "../shared/url_parts.js";

const ROOT = "/console/";

const path = signal(location.pathname);
addEventListener("popstate", () => (path.value = location.pathname));

/** @typedef {{screen: string, detail: string | undefined}} Route */

/** The current screen, and the id or date that it shows. */
export const currentRoute = computed(() => {
  const [screen = "", detail = "", ...more] = path.value.slice(ROOT.length).split("/").map(decodeUrlPart);
  if (more.some(Boolean)) return /** @type {Route} */ ({ screen: "unknown", detail: undefined });
  return /** @type {Route} */ ({ screen: screen || "requests", detail: detail || undefined });
});

/**
 * The path of a screen.
 *
 * @param {string} screen
 * @param {string} [detail]
 */
export function pathTo(screen, detail) {
  return ROOT + [screen === "requests" && !detail ? "" : screen, detail && encodeURIComponent(detail)].filter(Boolean).join("/");
}

/** @param {string} to */
export function navigate(to) {
  if (to !== location.pathname) history.pushState(null, "", to);
  path.value = location.pathname;
  scrollTo(0, 0);
}

/** Replaces the current history entry, so that Back does not return to it. @param {string} to */
export function replacePath(to) {
  history.replaceState(null, "", to);
  path.value = location.pathname;
}

/**
 * Opens a link to another screen without reloading the page, which would end the session.
 *
 * @param {MouseEvent} event
 */
export function onLinkClick(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link?.pathname.startsWith(ROOT) || link.origin !== location.origin || link.download) return;
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  navigate(link.pathname);
}
