/** The frame around every console screen: sign-in, header with navigation, current screen, toasts and dialogs. */
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { language, LANGUAGES } from "../shared/language.js";
import { OpenDialogView } from "./open_dialog_view.js";
import { undo } from "./decisions/decision_actions.js";
import { openDialog } from "./open_dialog.js";
import { FindingsPage } from "./findings/findings_page.js";
import { useShortcuts } from "./keyboard_shortcuts.js";
import { usePolling } from "./polling.js";
import { loadPractice, practice } from "./practice.js";
import { QueuePage } from "./queue/queue_page.js";
import { ReportPage } from "./report/report_page.js";
import { RequestPage } from "./request/request_page.js";
import { currentRoute, navigate, pathTo } from "./router.js";
import { SchedulePage } from "./schedule/schedule_page.js";
import { SettingsPage } from "./settings/settings_page.js";
import { isExpired, isManager, session } from "./sign_in/session.js";
import { signOut } from "./sign_in/sign_in_method.js";
import { SignInPage } from "./sign_in/sign_in_page.js";
import { t } from "./texts.js";
import { ToastArea } from "./toasts.js";

export function AppShell() {
  useEffect(() => void (document.documentElement.lang = language.value), [language.value]);
  if (!session.value) return html`<${SignInPage} />`;
  return html`<${SignedInApp} key=${session.value.practice_id} />`;
}

function SignedInApp() {
  usePolling(loadPractice, 60, []);
  useShortcuts({
    "?": () => (openDialog.value = { kind: "help" }),
    q: () => navigate(pathTo("requests")),
    s: () => navigate(pathTo("schedule")),
    f: () => navigate(pathTo("findings")),
    u: undo,
    ...(isManager.value && { t: () => navigate(pathTo("report")), e: () => navigate(pathTo("settings")) }),
  });
  if (!practice.value || practice.value.id !== session.value?.practice_id) {
    return html`<main class="screen"><p role="status">${t.value.loading}</p></main>`;
  }
  return html`
    <a class="skip" href="#main">${t.value.skip}</a>
    <${PageHead} />
    ${isExpired.value &&
    html`<div class="notice warn over" role="alert">
      ${t.value.sessionEnded} <button type="button" class="button" onClick=${signOut}>${t.value.signIn.again}</button>
    </div>`}
    <main class="screen" id="main" tabindex="-1"><${CurrentScreen} /></main>
    <${ToastArea} />
    <${OpenDialogView} />
  `;
}

function CurrentScreen() {
  const { screen, detail } = currentRoute.value;
  useEffect(() => void (document.title = `${t.value.screens[screen] ?? "Chairlink"} · ${practice.value?.name}`));
  if (screen === "requests") return detail ? html`<${RequestPage} key=${detail} id=${detail} />` : html`<${QueuePage} />`;
  if (screen === "schedule") return html`<${SchedulePage} day=${detail} />`;
  if (screen === "findings") return html`<${FindingsPage} />`;
  if (screen === "report" && isManager.value) return html`<${ReportPage} />`;
  if (screen === "settings" && isManager.value) return html`<${SettingsPage} />`;
  return html`<h1>${t.value.pageNotFound}</h1><p><a href=${pathTo("requests")}>${t.value.screens["requests"]}</a></p>`;
}

function PageHead() {
  const screens = ["requests", "schedule", "findings", ...(isManager.value ? ["report", "settings"] : [])];
  return html`
    <header class="head">
      <span class="brand"><span class="mark" aria-hidden="true"></span>${practice.value?.name}</span>
      <nav aria-label=${t.value.navigation}>
        ${screens.map(
          (screen) => html`<a href=${pathTo(screen)} aria-current=${currentRoute.value.screen === screen ? "page" : undefined}>
            ${t.value.screens[screen]}
          </a>`,
        )}
      </nav>
      <div class="head-end">
        ${LANGUAGES.filter((one) => one !== language.value).map(
          (one) => html`<button type="button" class="plain" lang=${one} onClick=${() => (language.value = one)}>
            ${{ en: "English", fr: "Français" }[one]}
          </button>`,
        )}
        <button type="button" class="plain" onClick=${() => (openDialog.value = { kind: "help" })}>
          ${t.value.help.button} <kbd>?</kbd>
        </button>
        <button type="button" class="plain" onClick=${signOut}>${t.value.signIn.out}</button>
      </div>
    </header>
  `;
}
