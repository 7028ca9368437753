// "Around me": asks the browser for its position and opens the results there.
//
// <div data-autour data-url="/lieux" data-en-cours="…" data-refusee="…" data-indisponible="…" hidden><button>…</button><p class="m-autour__etat" role="status"></p></div>
//
// The position is rounded to 0.01 degree, about a kilometre, before it leaves the browser. Parameters already in the address of `data-url` are kept.

import { surContenu } from "./parts/contenu.js";

const timeout = 10_000;

/** A coordinate to 0.01 degree, as it is written in an address. */
export function arrondir(degrees) {
  return (Math.round(degrees * 100) / 100).toFixed(2);
}

function adresse(url, { latitude, longitude }) {
  const target = new URL(url, location.href);
  target.searchParams.set("lat", arrondir(latitude));
  target.searchParams.set("lon", arrondir(longitude));
  return target;
}

function installer(holder) {
  const button = holder.querySelector("button");
  const status = holder.querySelector("[role=status]");
  holder.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = holder.dataset.enCours;
    button.disabled = true;
    const refuse = (error) => {
      button.disabled = false;
      status.textContent = error.code === error.PERMISSION_DENIED ? holder.dataset.refusee : holder.dataset.indisponible;
    };
    const accept = ({ coords }) => {
      button.disabled = false;
      location.assign(adresse(holder.dataset.url, coords));
    };
    navigator.geolocation.getCurrentPosition(accept, refuse, { timeout, maximumAge: 300_000, enableHighAccuracy: false });
  });
}

if ("geolocation" in navigator) surContenu("[data-autour]", installer);
