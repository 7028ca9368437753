// The running count of the wizard follows each answer, without a reload.
//
// <form data-compte="/orientation">…</form> … <p data-annonce role="status">12 lieux correspondent à vos réponses</p>
//
// The page of `data-compte` is asked with the answers so far, and its sentence is written in this one, where it is announced.
// What is typed stays here: only choices stand in an address.

const pause = 150;

function installer(form) {
  const sentence = document.querySelector("[data-annonce]");
  let timer;
  let request;

  function address() {
    const url = new URL(form.dataset.compte, location.href);
    const typed = (name) => form.elements.namedItem(name)?.type === "text";
    const values = [...new FormData(form)].filter(([name, value]) => value !== "" && !typed(name));
    url.search = new URLSearchParams(values).toString();
    return url;
  }

  async function count() {
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(address(), { signal: request.signal, headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-annonce]");
      if (answer.ok && fresh) sentence.textContent = fresh.textContent;
    } catch {
      // The count shown is that of the page; the next page gives the right one.
    }
  }

  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(count, pause);
  });
}

document.querySelectorAll("form[data-compte]").forEach(installer);
