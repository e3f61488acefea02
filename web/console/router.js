/** Which screen is shown, by its path under /console/. Paths hold ids and days, never a name or a word that was searched. */
import { computed, signal } from "@preact/signals";

const ROOT = "/console/";

const path = signal(location.pathname);
addEventListener("popstate", () => (path.value = location.pathname));

/** @typedef {{screen: string, detail: string | undefined}} Route */

/** Where we are: the screen and what it is about. */
export const currentRoute = computed(() => {
  const [screen = "", detail] = path.value.slice(ROOT.length).split("/");
  return /** @type {Route} */ ({ screen: screen || "requests", detail: detail || undefined });
});

/**
 * The address of a screen.
 *
 * @param {string} screen
 * @param {string} [detail]
 */
export function pathTo(screen, detail) {
  return ROOT + [screen === "requests" && !detail ? "" : screen, detail].filter(Boolean).join("/");
}

/** @param {string} to */
export function navigate(to) {
  if (to !== location.pathname) history.pushState(null, "", to);
  path.value = location.pathname;
  scrollTo(0, 0);
}

/** Takes the place of the address that we came by, which nobody should go back to. @param {string} to */
export function replacePath(to) {
  history.replaceState(null, "", to);
  path.value = location.pathname;
}

/**
 * Follows a link of ours without loading the page anew, which would forget who is signed in.
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
