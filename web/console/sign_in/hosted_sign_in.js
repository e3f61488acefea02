/**
 * Sign-in through Cognito's hosted page: authorization code with PKCE (RFC 7636), because a browser cannot keep a secret.
 * Until the user returns, session storage holds the verifier, the state and the path to return to; nothing personal.
 */
import { replacePath } from "../router.js";
import { startSession } from "./session.js";

/** @typedef {{kind: "hosted", domain: string, client_id: string}} HostedSignIn  `domain` with its scheme, without a slash */

const STORAGE_KEY = "chairlink-sign-in";
const REDIRECT_URI = `${location.origin}/console/`;

/** @param {HostedSignIn} pool */
export async function redirectToSignIn(pool) {
  const [verifier, state] = [randomString(), randomString()];
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ verifier, state, path: location.pathname }));
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  const query = {
    response_type: "code",
    client_id: pool.client_id,
    redirect_uri: REDIRECT_URI,
    scope: "openid profile",
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  location.assign(`${pool.domain}/oauth2/authorize?${new URLSearchParams(query)}`);
}

/**
 * Completes the sign-in after the return from the hosted page, and removes its parameters from the address at once.
 * Throws if the pool refused (RFC 6749 §4.1.2.1) or if this tab did not start the sign-in. The caller then waits for a
 * click before it redirects again; otherwise a refusal would redirect in a loop.
 *
 * @param {HostedSignIn} pool
 * @returns {Promise<boolean>} true if signed in; false if this is no return from the hosted page
 */
export async function completeSignIn(pool) {
  const query = new URLSearchParams(location.search);
  const code = query.get("code");
  const stored = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null");
  sessionStorage.removeItem(STORAGE_KEY);
  if (!code && !query.has("error")) return false;
  const isOurs = stored && query.get("state") === stored.state;
  replacePath(isOurs ? stored.path : location.pathname);
  if (!code || !isOurs) throw new Error("the user pool refused the sign-in, or this tab did not start it");
  const tokens = await fetchTokens(pool, { grant_type: "authorization_code", code, redirect_uri: REDIRECT_URI, code_verifier: stored.verifier });
  const renew = async () =>
    (await fetchTokens(pool, { grant_type: "refresh_token", refresh_token: tokens.refresh_token })).id_token;
  startSession(tokens.id_token, renew);
  return true;
}

/** @param {HostedSignIn} pool */
export function redirectToSignOut(pool) {
  location.assign(`${pool.domain}/logout?${new URLSearchParams({ client_id: pool.client_id, logout_uri: REDIRECT_URI })}`);
}

/**
 * @param {HostedSignIn} pool
 * @param {Record<string, string>} grant
 * @returns {Promise<{id_token: string, refresh_token: string}>}
 */
async function fetchTokens(pool, grant) {
  const body = new URLSearchParams({ client_id: pool.client_id, ...grant });
  const answer = await fetch(`${pool.domain}/oauth2/token`, { method: "POST", body });
  if (!answer.ok) throw new Error("the user pool returned no token");
  return answer.json();
}

function randomString() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)).buffer);
}

/** @param {ArrayBuffer} bytes */
function base64url(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
