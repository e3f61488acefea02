/** Which way of signing in this place has: `sign-in.json` says so, the file in AWS is the deployment's own. */
import { completeSignIn, redirectToSignOut, redirectToSignIn } from "./hosted_sign_in.js";
import { endSession } from "./session.js";

/** @typedef {{kind: "local"} | import("./hosted_sign_in.js").HostedSignIn} SignInMethod */

/** @type {Promise<SignInMethod>} */
const signInMethod = fetch("/console/sign-in.json").then((answer) => answer.json());

/**
 * What there is to do before anybody is signed in: `local` shows the choice of demo practices; the hosted page is gone
 * to at once.
 *
 * @returns {Promise<"local" | "done" | "leaving">}
 */
export async function beginSignIn() {
  const here = await signInMethod;
  if (here.kind === "local") return "local";
  if (await completeSignIn(here)) return "done";
  await redirectToSignIn(here);
  return "leaving";
}

export async function signOut() {
  const here = await signInMethod;
  if (here.kind === "local") endSession();
  else redirectToSignOut(here); // the token goes with the page; to end here would show the sign-in, which leaves too
}
