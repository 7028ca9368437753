// Suggestions under a search box: a combobox with a list, after the ARIA Authoring Practices (ARIA 1.2).
//
// <form data-recherche data-api="/api/v1/suggestions" data-suggestions='{"one":"…","other":"{n} …"}' data-aucune="…"><input type="search"></form>
//
// The API is asked `?q=TEXT` and answers `{"suggestions": [{"libelle": "…", "detail": "…", "url": "…"}]}`; `url` opens at once, otherwise
// `libelle` is written in the box and the form is sent. Without script or without answer, the form works as it is.

const minimum = 2;
const pause = 200;

function installer(form) {
  const input = form.querySelector("input[type=search]");
  const row = input.parentElement;
  const list = document.createElement("ul");
  const status = document.createElement("div");
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const forms = JSON.parse(form.dataset.suggestions);
  let suggestions = [];
  let active = -1;
  let timer;
  let request;

  list.id = `${input.id}-suggestions`;
  list.className = "m-suggestions";
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", form.querySelector("label").textContent.trim());
  status.className = "m-cache";
  status.role = "status";
  row.append(list, status);
  input.role = "combobox";
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  close();

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function announce() {
    const n = suggestions.length;
    const sentence = n === 0 ? form.dataset.aucune : (forms[plural.select(n)] ?? forms.other);
    status.textContent = sentence.replace("{n}", n);
  }

  function show() {
    list.replaceChildren(...suggestions.map(option));
    list.hidden = suggestions.length === 0;
    active = -1;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    announce();
  }

  function option({ libelle, detail }, rank) {
    const item = document.createElement("li");
    item.id = `${list.id}-${rank}`;
    item.role = "option";
    item.textContent = libelle;
    item.setAttribute("aria-selected", "false");
    if (detail) {
      const more = document.createElement("span");
      more.className = "m-suggestions__detail";
      more.textContent = detail;
      item.append(" ", more);
    }
    // Before the box loses the focus, which closes the list.
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => choose(rank));
    return item;
  }

  function move(to) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = (to + suggestions.length) % suggestions.length;
    const item = list.children[active];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", item.id);
  }

  function choose(rank) {
    const { libelle, url } = suggestions[rank];
    close();
    if (url) return location.assign(url);
    input.value = libelle;
    form.requestSubmit();
  }

  async function ask() {
    const q = input.value.trim();
    request?.abort();
    if (q.length < minimum) return close();
    request = new AbortController();
    const url = new URL(form.dataset.api, location.href);
    url.searchParams.set("q", q);
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { accept: "application/json" } });
      if (!answer.ok) return close();
      ({ suggestions } = await answer.json());
      if (document.activeElement === input) show();
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" && open) move(active + 1);
    else if (event.key === "ArrowUp" && open) move(active < 0 ? suggestions.length - 1 : active - 1);
    else if (event.key === "Enter" && open && active >= 0) choose(active);
    else if (event.key === "Escape" && open) close();
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("[data-recherche]").forEach(installer);
