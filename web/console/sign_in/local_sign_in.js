/** Sign-in on a developer's machine: the local server gets a token for a demo user from the emulated user pool. */
import { startSession } from "./session.js";

/** @typedef {{practice_id: string, name: string, pms: {kind: string}}} DemoPractice */

/** @returns {Promise<DemoPractice[]>} */
export async function demoPractices() {
  return (await fetch("/local/practices")).json();
}

/**
 * @param {string} practice_id
 * @param {string} role
 */
export async function signInLocally(practice_id, role) {
  const fetchToken = async () => {
    const answer = await fetch("/local/token", { method: "POST", body: JSON.stringify({ practice_id, role }) });
    if (!answer.ok) throw new Error("the local server returned no token");
    return /** @type {string} */ ((await answer.json()).token);
  };
  startSession(await fetchToken(), fetchToken);
}
