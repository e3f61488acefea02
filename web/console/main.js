/** Entry point of the console. */
import { html, render } from "htm/preact";
import { AppShell } from "./app_shell.js";
import { onLinkClick } from "./router.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
root.addEventListener("click", onLinkClick);
render(html`<${AppShell} />`, root);
