/** Who did something to a request, as staff read it: "you", a colleague's name, or the kind of actor. */
import { session } from "../sign_in/session.js";
import { t } from "../texts.js";

/** @param {{by: string, by_name: string | null}} acted who acted: "you", a colleague by name, or what they are to us */
export function actorName({ by, by_name }) {
  if (by === session.value?.actorId) return t.value.actors.me;
  if (by_name) return by_name;
  const kind = by.split(":")[0] ?? "";
  return /** @type {Record<string, string>} */ (t.value.actors)[kind] ?? t.value.actors.system;
}
