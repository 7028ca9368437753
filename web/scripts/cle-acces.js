// Makes or uses a passkey when a form is sent, and sends what the browser answers with the form.
//
// <form method="post" data-cle-acces="creer" data-options="{…}" data-attente="…" data-abandon="…" data-connue="…" data-echec="…" hidden>
//   <input type="hidden" name="reponse"> <button>…</button> <p role="status"></p>
// </form>
// `data-cle-acces` is "creer" or "utiliser"; `data-options` is what `identite::passkey` gives. The form stays hidden where there are no passkeys:
// the page has another way in.

import { surContenu } from "./parts/contenu.js";

function fromText(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toText(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function readOptions(json) {
  const options = JSON.parse(json);
  const credentials = (list = []) => list.map((one) => ({ ...one, id: fromText(one.id) }));
  options.challenge = fromText(options.challenge);
  if (options.user) options.user.id = fromText(options.user.id);
  if (options.excludeCredentials) options.excludeCredentials = credentials(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = credentials(options.allowCredentials);
  return options;
}

function writeAnswer({ rawId, type, response }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const written = Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]));
  if (response.getTransports) written.transports = response.getTransports();
  return JSON.stringify({ id: toText(rawId), rawId: toText(rawId), type, response: written });
}

// NotAllowedError is what browsers say when the person gives up or waits too long, and InvalidStateError when the key is known already.
const reasons = { NotAllowedError: "abandon", AbortError: "abandon", InvalidStateError: "connue" };

function installer(form) {
  const status = form.querySelector("[role=status]");
  const field = form.elements.namedItem("reponse");
  let busy = false;

  async function ceremony() {
    const publicKey = readOptions(form.dataset.options);
    const { credentials } = navigator;
    return form.dataset.cleAcces === "creer" ? credentials.create({ publicKey }) : credentials.get({ publicKey });
  }

  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    status.textContent = form.dataset.attente;
    try {
      field.value = writeAnswer(await ceremony());
      form.requestSubmit(event.submitter);
    } catch (error) {
      status.textContent = form.dataset[reasons[error.name] ?? "echec"];
    }
    busy = false;
  });
  // A page that comes back with the Back button keeps what it sent, which serves once.
  addEventListener("pageshow", () => { field.value = ""; });
}

if (window.PublicKeyCredential) surContenu("form[data-cle-acces]", installer);
