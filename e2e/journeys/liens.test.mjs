// Every link of every page leads somewhere: each address of the site is asked once, each place in a page exists.
import test from 'node:test';
import assert from 'node:assert/strict';
import { BASE } from '../harness/browser.mjs';
import { everyPage } from './pages.mjs';

const AT_ONCE = 4;
const decode = (text) => text.replaceAll('&amp;', '&').replaceAll('&#38;', '&').replaceAll('&#x27;', "'");
const attributes = (html, name) => [...html.matchAll(new RegExp(`<[^>]*\\s${name}="([^"]*)"`, 'g'))].map(([, value]) => decode(value));

/** The address as the server under test is asked, whatever name the page gives it; nothing for another site. */
function ofTheSite(link, page) {
  const url = new URL(link, page);
  const here = new URL(BASE);
  if (!url.protocol.startsWith('http') || url.port !== here.port) return null;
  return new URL(url.pathname + url.search + url.hash, here);
}

async function inTurn(items, run) {
  const left = [...items];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left.length > 0) await run(left.shift());
  }));
}

test('chaque lien de chaque page mène quelque part', async (t) => {
  const asked = new Map();
  const lost = [];
  await inTurn(await everyPage(BASE), async ({ path }) => {
    const html = await (await fetch(BASE + path)).text();
    const ids = new Set(attributes(html, 'id'));
    const links = attributes(html, 'href').map((link) => ofTheSite(link, BASE + path)).filter(Boolean);
    assert.ok(links.length > 0, `${path} has links`);
    for (const link of links) {
      const target = link.pathname + link.search;
      if (link.hash && target === path && !ids.has(link.hash.slice(1))) lost.push(`${path}: ${link.hash}`);
      if (!asked.has(target)) asked.set(target, path);
    }
  });
  await inTurn(asked, async ([target, from]) => {
    const answer = await fetch(BASE + target);
    await answer.arrayBuffer();
    // The page of an absent place says so at its own address too.
    if (answer.status !== 200 && target !== from) lost.push(`${answer.status} ${target} (on ${from})`);
  });
  t.diagnostic(`${asked.size} addresses`);
  assert.ok(asked.size > 100);
  assert.deepEqual(lost, []);
});

test('le plan pour les moteurs ne nomme que des pages qui existent', async () => {
  const addresses = async (path) => [...(await (await fetch(BASE + path)).text()).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url]) => new URL(url).pathname);
  const [pages, places] = await addresses('/sitemap.xml');
  const named = [...(await addresses(pages)), ...(await addresses(places)).slice(0, 3)];
  assert.ok(named.length > 8);
  for (const path of named) assert.equal((await fetch(BASE + path)).status, 200, path);
});
