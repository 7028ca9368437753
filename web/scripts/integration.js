// What other sites include to show places in their pages.
//
// <script src="https://…/assets/integration.js" data-territoire="departement:01" data-filtres="frais=gratuit" data-langue="en" data-titre="…" defer></script>
//
// The script puts an iframe where it stands and follows the height that the page inside announces. Every attribute is optional:
// `data-territoire` is `commune:CODE,CODE`, `departement:CODE` or `epci:SIREN`; `data-filtres` is a query string; `data-hauteur` the height in pixels before the first answer.

const me = document.currentScript;
// The script stands at BASE/assets/integration.js.
const base = new URL("..", me.src);
const { territoire = "", filtres = "", langue = "", titre = "Lieux d’aide au numérique", hauteur = "640" } = me.dataset;
const address = new URL(`${langue && langue !== "fr" ? `${langue}/` : ""}integration`, base);
for (const [name, value] of new URLSearchParams(filtres)) address.searchParams.append(name, value);
if (territoire.includes(":")) {
  const [kind, codes] = territoire.split(":");
  address.searchParams.set(kind, codes);
}

const frame = document.createElement("iframe");
frame.src = address.href;
frame.title = titre;
frame.width = "100%";
frame.height = hauteur;
frame.loading = "lazy";
frame.allow = "geolocation";
frame.style.border = "0";
me.after(frame);

addEventListener("message", ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== base.origin || data?.maillage !== "hauteur") return;
  const height = Number(data.hauteur);
  if (height > 0 && height < 20_000) frame.height = Math.ceil(height);
});
