/** Keeping what is on the screen true without a reload. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** The time, in milliseconds, twice a minute. */
export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 30_000);

/**
 * Loads now, again and again while somebody looks, and at once when they look again or the network is back.
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
    const turn = async () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") await load();
      if (!stopped) timer = setTimeout(turn, seconds * 1000);
    };
    const again = () => void (document.visibilityState === "visible" && turn());
    turn();
    document.addEventListener("visibilitychange", again);
    addEventListener("online", again);
    return () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", again);
      removeEventListener("online", again);
    };
  }, inputs);
}
