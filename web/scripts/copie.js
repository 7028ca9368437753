// Copies the address of the page, or of what is shown.
//
// <span data-copie="/lieux/abc" data-copie-ok="…" data-copie-ko="…" hidden><button>…</button><span role="status"></span></span>
// An empty `data-copie` copies the present address.

import { surContenu } from "./parts/contenu.js";

function installer(holder) {
  const status = holder.querySelector("[role=status]");
  holder.hidden = false;
  holder.querySelector("button").addEventListener("click", async () => {
    const { copie, copieOk, copieKo } = holder.dataset;
    try {
      await navigator.clipboard.writeText(new URL(copie || location.href, location.href).href);
      status.textContent = copieOk;
    } catch {
      status.textContent = copieKo;
    }
  });
}

surContenu("[data-copie]", installer);
