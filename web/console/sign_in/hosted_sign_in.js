/**
 * Signing in through Cognito's hosted page: authorization code with PKCE (RFC 7636), so that a browser needs no secret.
 * While the visitor is away, the tab keeps the verifier, the state and the path to come back to; nothing personal.
 */
import { replacePath } from "../router.js";
import { begin } from "./session.js";

/** @typedef {{kind: "hosted", domain: string, client_id: string}} Hosted  `domain` with its scheme, without a slash */

const AWAY = "chairlink-sign-in";
const HOME = `${location.origin}/console/`;

/** @param {Hosted} pool */
export async function leaveToSignIn(pool) {
  const [verifier, state] = [random(), random()];
  sessionStorage.setItem(AWAY, JSON.stringify({ verifier, state, path: location.pathname }));
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  const query = {
    response_type: "code",
    client_id: pool.client_id,
    redirect_uri: HOME,
    scope: "openid profile",
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  location.assign(`${pool.domain}/oauth2/authorize?${new URLSearchParams(query)}`);
}

/**
 * Ends the journey if we have just come back from the hosted page; what it wrote into the address leaves it at once.
 * Throws where the pool refused (RFC 6749 §4.1.2.1), or where this tab did not ask: then nobody is sent away again
 * before a person says so, or a refusal would go round for ever.
 *
 * @param {Hosted} pool
 * @returns {Promise<boolean>} whether somebody is signed in now; false if nobody has been away
 */
export async function comeBack(pool) {
  const query = new URLSearchParams(location.search);
  const code = query.get("code");
  const kept = JSON.parse(sessionStorage.getItem(AWAY) ?? "null");
  sessionStorage.removeItem(AWAY);
  if (!code && !query.has("error")) return false;
  const isOurs = kept && query.get("state") === kept.state;
  replacePath(isOurs ? kept.path : location.pathname);
  if (!code || !isOurs) throw new Error("the user pool let nobody in, or was not asked by this tab");
  const given = await exchange(pool, { grant_type: "authorization_code", code, redirect_uri: HOME, code_verifier: kept.verifier });
  const renew = async () =>
    (await exchange(pool, { grant_type: "refresh_token", refresh_token: given.refresh_token })).id_token;
  begin(given.id_token, renew);
  return true;
}

/** @param {Hosted} pool */
export function leaveSignedOut(pool) {
  location.assign(`${pool.domain}/logout?${new URLSearchParams({ client_id: pool.client_id, logout_uri: HOME })}`);
}

/**
 * @param {Hosted} pool
 * @param {Record<string, string>} grant
 * @returns {Promise<{id_token: string, refresh_token: string}>}
 */
async function exchange(pool, grant) {
  const body = new URLSearchParams({ client_id: pool.client_id, ...grant });
  const answer = await fetch(`${pool.domain}/oauth2/token`, { method: "POST", body });
  if (!answer.ok) throw new Error("the user pool gave no token");
  return answer.json();
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)).buffer);
}

/** @param {ArrayBuffer} bytes */
function base64url(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
