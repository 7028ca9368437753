// Filters that answer at once: a change asks for the same page and replaces the results, without a reload.
//
// <form method="get" action="/lieux" data-filtres="#resultats" data-mise-a-jour="…">…</form> … <div id="resultats"><p data-annonce role="status">12 résultats</p>…</div>
//
// The address follows, so that it can be shared and the Back button works. Counts beside the filters (`.m-compte`) are refreshed too.
// Elements marked `data-suit-filtres` outside the results are replaced by the element of the same id in the answer.

import { annoncerContenu } from "./parts/contenu.js";

const pause = 250;

function installer(form) {
  const target = form.dataset.filtres;
  // A live region speaks when its text changes, not when it is replaced: this one stays.
  const status = document.createElement("p");
  let shown = location.search;
  let timer;
  let request;

  status.className = "m-cache";
  status.role = "status";
  form.after(status);

  function address() {
    const url = new URL(form.action, location.href);
    const values = [...new FormData(form)].filter(([, value]) => value !== "");
    url.search = new URLSearchParams(values).toString();
    return url;
  }

  async function load(url) {
    request?.abort();
    request = new AbortController();
    const results = document.querySelector(target);
    results.setAttribute("aria-busy", "true");
    status.textContent = form.dataset.miseAJour;
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(target);
      if (!answer.ok || !fresh) return location.assign(url);
      replace(results, fresh, page);
      history.pushState(null, "", url);
      shown = location.search;
      document.title = page.title;
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
    }
  }

  function replace(results, fresh, page) {
    const sentence = fresh.querySelector("[data-annonce]");
    // The sentence is spoken by the region that stays, not twice.
    sentence?.removeAttribute("role");
    results.replaceChildren(...fresh.childNodes);
    status.textContent = sentence?.textContent ?? "";
    annoncerContenu(results);
    results.removeAttribute("aria-busy");
    for (const part of document.querySelectorAll("[data-suit-filtres][id]")) {
      const other = page.getElementById(part.id);
      if (other) part.replaceChildren(...other.childNodes);
    }
    refreshCounts(page);
  }

  function refreshCounts(page) {
    for (const label of form.querySelectorAll("label[for]")) {
      const count = label.querySelector(".m-compte");
      const other = page.querySelector(`label[for="${CSS.escape(label.htmlFor)}"] .m-compte`);
      if (count && other) count.replaceChildren(...other.childNodes);
    }
  }

  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => load(address()), pause);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    load(address());
  });
  // Boxes must match the address again: the page of the past is asked whole. A link to a place in the page changes only the hash.
  addEventListener("popstate", () => {
    if (location.search !== shown) location.reload();
  });
}

document.querySelectorAll("form[data-filtres]").forEach(installer);
