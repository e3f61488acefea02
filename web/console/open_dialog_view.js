/** Shows the dialog that is open: accept, link, reject, correct or keyboard help. */
import { html } from "htm/preact";
import { AcceptDialog } from "./decisions/accept_dialog.js";
import { LinkDialog } from "./decisions/link_dialog.js";
import { RejectDialog } from "./decisions/reject_dialog.js";
import { openDialog } from "./open_dialog.js";
import { KeyboardHelp } from "./keyboard_help.js";
import { CorrectDialog } from "./request/correct_dialog.js";

export function OpenDialogView() {
  const open = openDialog.value;
  if (!open) return null;
  if (open.kind === "help") return html`<${KeyboardHelp} />`;
  const Kind = { accept: AcceptDialog, link: LinkDialog, reject: RejectDialog, correct: CorrectDialog }[open.kind];
  return html`<${Kind} key=${open.kind + open.request.id} request=${open.request} />`;
}
