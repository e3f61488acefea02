/** Counts down to the end of the undo window, when the e-mail of a decision goes out. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "./texts.js";

/**
 * Whole seconds until then; 0 if it has passed.
 *
 * @param {number} dueAt in milliseconds, as Date.now() counts them
 * @param {number} now
 */
export const secondsUntil = (dueAt, now) => Math.max(0, Math.ceil((dueAt - now) / 1000));

/** A timer is not read out with each second. @param {{dueAt: number}} props */
export function EmailCountdown({ dueAt }) {
  const [seconds, setSeconds] = useState(secondsUntil(dueAt, Date.now()));
  useEffect(() => {
    const count = () => setSeconds(secondsUntil(dueAt, Date.now()));
    count();
    const timer = setInterval(count, 500);
    return () => clearInterval(timer);
  }, [dueAt]);
  return seconds ? html`<span role="timer">${t.value.emailGoesOut(seconds)}</span>` : null;
}
