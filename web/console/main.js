/** The console's front door: from nothing to the screen that the address names. */
import { html, render } from "htm/preact";
import { AppShell } from "./app_shell.js";
import { onLinkClick } from "./router.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
root.addEventListener("click", onLinkClick);
render(html`<${AppShell} />`, root);
