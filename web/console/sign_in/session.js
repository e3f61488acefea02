/** The session of the signed-in user. The token is kept in memory only, so reloading the page signs out. */
import { computed, signal } from "@preact/signals";

/** @typedef {{practice_id: string, role: string}} Membership  the role of a user at a practice */
/** @typedef {Membership & {token: string, memberships: Membership[], actorId: string, renew: () => Promise<string>}} Session */

/** @type {import("@preact/signals").Signal<Session | null>} */
export const session = signal(null);

/** Whether the session has expired. The screen stays as it is until the user signs in again. */
export const isExpired = signal(false);

export const isManager = computed(() => session.value?.role === "manager");

/**
 * Starts a session with an ID token of the user pool; throws if the account belongs to no practice.
 *
 * @param {string} token
 * @param {() => Promise<string>} renew gets the next token, or throws
 */
export function startSession(token, renew) {
  const claims = claimsOf(token);
  const memberships = membershipsOf(claims["cognito:groups"]);
  const [first] = memberships;
  if (!first) throw new Error("this account belongs to no practice");
  session.value = { token, memberships, actorId: `staff:${claims["sub"]}`, renew, ...first };
  isExpired.value = false;
}

export function endSession() {
  session.value = null;
  isExpired.value = false;
}

/** A token that is valid for at least another minute, renewed if needed; throws if it cannot be renewed. */
export async function freshToken() {
  const current = session.value;
  if (!current) throw new Error("nobody is signed in");
  const expires = Number(claimsOf(current.token)["exp"]) * 1000;
  if (expires - Date.now() > 60_000) return current.token;
  const token = await current.renew();
  if (session.value) session.value = { ...session.value, token };
  return token;
}

/**
 * The claims of a token, not verified: only the API must trust them.
 *
 * @param {string} token
 * @returns {Record<string, unknown>}
 */
function claimsOf(token) {
  const body = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? "";
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/**
 * Reads `<practice_id>:<role>` groups. Manager roles come first; each practice appears once, with its first role.
 *
 * @param {unknown} groups
 * @returns {Membership[]}
 */
function membershipsOf(groups) {
  const pairs = (Array.isArray(groups) ? groups : []).map(String).map((group) => group.split(":"));
  const memberships = pairs.flatMap(([practice_id, role]) => (practice_id && role ? [{ practice_id, role }] : []));
  memberships.sort((one, other) => Number(other.role === "manager") - Number(one.role === "manager"));
  return memberships.filter((membership, at) => memberships.findIndex((one) => one.practice_id === membership.practice_id) === at);
}
