// The orientation sheet: names written here are printed on the sheet and go nowhere else.
//
// <div data-orientation hidden> holds fields without `name` (so that no form can send them), each with `data-vers="id"`;
// what is typed is copied as text into the element of that id. Nothing is stored: leaving the page forgets it.

function installer(holder) {
  holder.hidden = false;
  for (const field of holder.querySelectorAll("[data-vers]")) {
    field.removeAttribute("name");
    field.autocomplete = "off";
    const target = document.getElementById(field.dataset.vers);
    const empty = target?.textContent;
    field.addEventListener("input", () => {
      if (target) target.textContent = field.value.trim() || empty;
    });
  }
  // The browser would offer the names again to the next person at this desk.
  addEventListener("pagehide", () => holder.querySelectorAll("[data-vers]").forEach((field) => { field.value = ""; }));
}

document.querySelectorAll("[data-orientation]").forEach(installer);
