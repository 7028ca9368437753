// What a person who does not see the page gets from it: axe's rules, and the tree of roles and names.
import assert from 'node:assert/strict';
import axe from 'axe-core';

const REFUSED_IMPACTS = ['moderate', 'serious', 'critical'];

/** What colours alone can change: enough for a page that was examined whole in other colours. */
export const CONTRAST = ['color-contrast'];

/** axe finds nothing of impact moderate or above, by all its rules or by `rules`. Evaluated by the debugger, so that the content policy stays as shipped. */
export async function assertAccessible(page, rules = null) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate((asked) => globalThis.axe.run(document, asked), options);
  const refused = violations
    .filter((violation) => REFUSED_IMPACTS.includes(violation.impact))
    .flatMap((violation) => violation.nodes.map((node) => `${violation.id} (${violation.impact}) ${node.target}: ${node.failureSummary}`));
  assert.deepEqual(refused, [], `axe on ${page.url()}`);
}

/** The accessibility tree, a line a node: `- link "Accueil"`. */
export function tree(page, selector = 'body') {
  return page.locator(selector).ariaSnapshot();
}

/**
 * The tree holds these nodes in this order, whatever stands between them.
 * A node is a text that its line begins with (`heading "Lieux"`), or a pattern.
 */
export async function assertTree(page, nodes, selector = 'body') {
  const lines = (await tree(page, selector)).split('\n').map((line) => line.trim().replace(/^- '?/, ''));
  let from = 0;
  for (const node of nodes) {
    const at = lines.findIndex((line, index) => index >= from && (node instanceof RegExp ? node.test(line) : line.startsWith(node)));
    assert.notEqual(at, -1, `${node} is not in the tree of ${page.url()} after line ${from}:\n${lines.join('\n')}`);
    from = at + 1;
  }
}

/** In French, what is read never breaks before a colon nor after an opening quote. */
export async function assertFrenchTypography(page) {
  const faults = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.trim();
      const written = !node.parentElement.closest('code, script, textarea, [lang]:not(html)');
      if (written && /[\p{L}\d)] [:;?!»](?=\s|$)|« /u.test(text)) found.push(text);
    }
    return found;
  });
  assert.deepEqual(faults, [], `the typography of ${page.url()}`);
}

/** One language, one title, one first heading, landmarks, and nothing that must be scrolled sideways. */
export async function assertWellBuilt(page) {
  const facts = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    mains: document.querySelectorAll('main').length,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ids: [...document.querySelectorAll('[id]')].map((element) => element.id),
  }));
  assert.match(facts.lang, /^[a-z]{2}$/, 'the page says its language');
  assert.notEqual(facts.title.trim(), '', 'the page has a title');
  assert.equal(facts.headings, 1, 'the page has one first heading');
  assert.equal(facts.mains, 1, 'the page has one main part');
  assert.ok(facts.overflow <= 0, `the page is ${facts.overflow} px too wide`);
  const twice = facts.ids.filter((id, index) => facts.ids.indexOf(id) !== index);
  assert.deepEqual(twice, [], 'an id stands once');
}
