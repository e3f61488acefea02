/** Who is signed in. The token lives in this variable alone: closing or reloading the page signs out. */
import { computed, signal } from "@preact/signals";

/** @typedef {{practice_id: string, role: string}} Membership  a role somebody has at a practice */
/** @typedef {Membership & {token: string, posts: Membership[], actorId: string, renew: () => Promise<string>}} Session */

/** @type {import("@preact/signals").Signal<Session | null>} */
export const session = signal(null);

/** Whether somebody had signed in and their time is up; what is on the screen stays until they sign in again. */
export const isExpired = signal(false);

export const isManager = computed(() => session.value?.role === "manager");

/**
 * Begins a session with an ID token of the user pool.
 *
 * @param {string} token
 * @param {() => Promise<string>} renew gets the next token, or throws
 */
export function startSession(token, renew) {
  const claims = claimsOf(token);
  const posts = membershipsOf(claims["cognito:groups"]);
  const [first] = posts;
  if (!first) throw new Error("this account works at no practice");
  session.value = { token, posts, actorId: `staff:${claims["sub"]}`, renew, ...first };
  isExpired.value = false;
}

/** @param {Membership} post */
export function switchMembership(post) {
  if (session.value) session.value = { ...session.value, ...post };
}

export function endSession() {
  session.value = null;
  isExpired.value = false;
}

/** A token that is good for another minute at least; throws when there is none to be had. */
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
 * What a token says; the API verifies it, we only read.
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
 * `<practice_id>:<role>` groups as posts, a practice once, its manager's first.
 *
 * @param {unknown} groups
 * @returns {Membership[]}
 */
function membershipsOf(groups) {
  const pairs = (Array.isArray(groups) ? groups : []).map(String).map((group) => group.split(":"));
  const posts = pairs.flatMap(([practice_id, role]) => (practice_id && role ? [{ practice_id, role }] : []));
  posts.sort((one, other) => Number(other.role === "manager") - Number(one.role === "manager"));
  return posts.filter((post, at) => posts.findIndex((one) => one.practice_id === post.practice_id) === at);
}
