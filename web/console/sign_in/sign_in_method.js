/** Local or hosted sign-in, as sign-in.json says. A deployment to AWS uploads its own file. */
import { completeSignIn, redirectToSignIn, redirectToSignOut } from "./hosted_sign_in.js";
import { endSession } from "./session.js";

/** @typedef {{kind: "local"} | import("./hosted_sign_in.js").HostedSignIn} SignInMethod */

/** @type {Promise<SignInMethod>} */
const signInMethod = fetch("/console/sign-in.json").then((answer) => answer.json());

/**
 * Starts or completes the sign-in. `local`: show the demo practices; `leaving`: the browser is going to the hosted page.
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
  else redirectToSignOut(here); // leaving the page drops the token; ending the session here would start a second redirect
}
