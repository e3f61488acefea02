/** Which way of signing in this place has: `sign-in.json` says so, the file in AWS is the deployment's own. */
import { comeBack, leaveSignedOut, leaveToSignIn } from "./hosted_sign_in.js";
import { end } from "./session.js";

/** @typedef {{kind: "local"} | import("./hosted_sign_in.js").Hosted} Way */

/** @type {Promise<Way>} */
const way = fetch("/console/sign-in.json").then((answer) => answer.json());

/**
 * What there is to do before anybody is signed in: `local` shows the choice of demo practices; the hosted page is gone
 * to at once.
 *
 * @returns {Promise<"local" | "done" | "leaving">}
 */
export async function arrive() {
  const here = await way;
  if (here.kind === "local") return "local";
  if (await comeBack(here)) return "done";
  await leaveToSignIn(here);
  return "leaving";
}

export async function signOut() {
  const here = await way;
  if (here.kind === "local") end();
  else leaveSignedOut(here); // the token goes with the page; to end here would show the sign-in, which leaves too
}
