/** Shows the dialog that is open: accept, link, reject or keyboard help. */
import { html } from "htm/preact";
import { openDialog } from "../dialogs.js";
import { KeyboardHelp } from "../keyboard_help.js";
import { AcceptDialog } from "./accept_dialog.js";
import { LinkDialog } from "./link_dialog.js";
import { RejectDialog } from "./reject_dialog.js";

export function DecisionDialog() {
  const open = openDialog.value;
  if (!open) return null;
  if (open.kind === "help") return html`<${KeyboardHelp} />`;
  const Kind = { accept: AcceptDialog, link: LinkDialog, reject: RejectDialog }[open.kind];
  return html`<${Kind} key=${open.kind + open.request.id} request=${open.request} />`;
}
