// Content may be replaced after the page opened: what scripts attach to elements must be attached to the new ones too.

const event = "maillage:contenu";

/** Installs each element that matches, now and when content is replaced. */
export function surContenu(selector, install) {
  const installAll = (root) => root.querySelectorAll(selector).forEach(install);
  installAll(document);
  document.addEventListener(event, ({ target }) => installAll(target));
}

/** Says that the children of this element are new. */
export function annoncerContenu(element) {
  element.dispatchEvent(new CustomEvent(event, { bubbles: true }));
}
