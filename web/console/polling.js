/** Polling: keeps the screen up to date without a page reload. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** The current time in milliseconds, updated twice a minute; relative times on the screen depend on it. */
export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 30_000);

/**
 * Loads now, then periodically while the tab is visible, and at once when it becomes visible or the network returns.
 *
 * @param {() => Promise<unknown>} load
 * @param {number} seconds between two loads
 * @param {unknown[]} inputs what `load` depends on
 */
export function usePolling(load, seconds, inputs) {
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    let stopped = false;
    const poll = async () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") await load();
      if (!stopped) timer = setTimeout(poll, seconds * 1000);
    };
    const pollIfVisible = () => void (document.visibilityState === "visible" && poll());
    poll();
    document.addEventListener("visibilitychange", pollIfVisible);
    addEventListener("online", pollIfVisible);
    return () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", pollIfVisible);
      removeEventListener("online", pollIfVisible);
    };
  }, inputs);
}
