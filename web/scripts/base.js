// On every complete page: what makes forms and menus easier when scripts run.
//
// - an error summary takes the focus when the page opens, and its links focus their field;
// - a second press on a button that sends a form within a second is ignored;
// - an open language menu closes with Escape or a click elsewhere;
// - `[data-carte]` loads the large map when its button is pressed: see carte.js.

import { surContenu } from "./parts/contenu.js";

const delay = 1000;

function errorSummary() {
  const summary = document.querySelector(".govuk-error-summary");
  if (!summary) return;
  summary.tabIndex = -1;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    const group = field.closest("fieldset") ?? document.querySelector(`label[for="${CSS.escape(field.id)}"]`) ?? field;
    group.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

function doublePress() {
  let last = { form: null, at: -delay };
  document.addEventListener("submit", (event) => {
    // A form that its own script holds back is not sent yet.
    if (event.defaultPrevented) return;
    const now = performance.now();
    if (event.target.method === "post" && last.form === event.target && now - last.at < delay) event.preventDefault();
    else last = { form: event.target, at: now };
  });
}

function languageMenu() {
  const menu = document.querySelector(".m-langues details");
  if (!menu) return;
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function largeMap(holder) {
  const button = holder.querySelector("button");
  const status = holder.querySelector("[role=status]");
  holder.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = holder.dataset.chargement;
    try {
      const { ouvrir } = await import(holder.dataset.module);
      await ouvrir(holder);
      status.textContent = "";
      button.hidden = true;
    } catch {
      status.textContent = holder.dataset.echec;
      button.disabled = false;
    }
  });
}

errorSummary();
doublePress();
languageMenu();
surContenu("[data-carte]", largeMap);
