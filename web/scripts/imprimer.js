// Prints the page, details unfolded.
//
// <button data-imprimer hidden>…</button>

import { surContenu } from "./parts/contenu.js";

surContenu("[data-imprimer]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")].filter((details) => !details.closest("header, form"));
  folded.forEach((details) => { details.open = true; });
});
addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
