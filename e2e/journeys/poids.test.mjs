// What a first visit weighs: the whole page and its HTML, compressed; the text version, as it is read.
import test from 'node:test';
import assert from 'node:assert/strict';
import { BASE } from '../harness/browser.mjs';
import { weigh } from '../harness/weight.mjs';
import { aPlace, COMMUNE } from './pages.mjs';

const KIB = 1024;
const kib = (bytes) => `${(bytes / KIB).toFixed(1)} KiB`;
const PARIS = '75056';
const place = await aPlace(BASE);
const bigPlace = await theLongestPlace();
const paths = { accueil: '/', résultats: `/lieux?commune=${COMMUNE}`, 'résultats à Paris': `/lieux?commune=${PARIS}`, fiche: `/lieux/${place.id}` };
const textPaths = { ...paths, 'fiche la plus longue': `/lieux/${bigPlace.id}`, orientation: '/orientation', 'feuille du mois': '/mois' };

/** Of the first hundred places, the one of which most is said. */
async function theLongestPlace() {
  const { lieux } = await (await fetch(`${BASE}/api/v1/lieux?limite=100`)).json();
  return lieux.toSorted((one, other) => JSON.stringify(other).length - JSON.stringify(one).length)[0];
}

for (const [name, path] of Object.entries(paths)) {
  test(`${name} : une première visite pèse moins de 150 Kio, dont moins de 20 de HTML, sans grande carte`, async (t) => {
    const { total, html, requests, asked } = await weigh(path);
    t.diagnostic(`${kib(total)} in ${requests} requests, of which ${kib(html)} of HTML`);
    assert.ok(total < 150 * KIB, `${total} bytes`);
    assert.ok(html < 20 * KIB, `${html} bytes of HTML`);
    assert.deepEqual(asked.filter((url) => /maplibre|carte/.test(new URL(url).pathname)), []);
  });
}

for (const [name, path] of Object.entries(textPaths)) {
  test(`${name} : la version texte pèse moins de 30 Kio sans compression, sans police ni script`, async (t) => {
    const { total, requests } = await weigh(path, { headers: { 'Save-Data': 'on' } });
    const html = await (await fetch(BASE + path, { headers: { 'Save-Data': 'on' } })).text();
    const read = Buffer.byteLength(html);
    t.diagnostic(`${kib(read)} to read, ${kib(total)} received in ${requests} requests`);
    assert.ok(read < 30 * KIB, `${read} bytes`);
    assert.doesNotMatch(html, /<script(?![^>]*ld\+json)|woff2/);
  });
}
