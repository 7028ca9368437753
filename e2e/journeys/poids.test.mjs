// What a first visit weighs, compressed: the whole page, its HTML, and the text version.
import test from 'node:test';
import assert from 'node:assert/strict';
import { BASE } from '../harness/browser.mjs';
import { weigh } from '../harness/weight.mjs';
import { aPlace, COMMUNE } from './pages.mjs';

const KIB = 1024;
const place = await aPlace(BASE);
const paths = { accueil: '/', résultats: `/lieux?commune=${COMMUNE}`, fiche: `/lieux/${place.id}` };

for (const [name, path] of Object.entries(paths)) {
  test(`${name} : une première visite pèse moins de 150 Kio, dont moins de 20 de HTML`, async (t) => {
    const { total, html, requests } = await weigh(path);
    t.diagnostic(`${(total / KIB).toFixed(1)} KiB in ${requests} requests, of which ${(html / KIB).toFixed(1)} of HTML`);
    assert.ok(total < 150 * KIB, `${total} bytes`);
    assert.ok(html < 20 * KIB, `${html} bytes of HTML`);
  });

  test(`${name} : la version texte pèse moins de 30 Kio, sans police ni script`, async (t) => {
    const { total, requests } = await weigh(path, { headers: { 'Save-Data': 'on' } });
    t.diagnostic(`${(total / KIB).toFixed(1)} KiB in ${requests} requests`);
    assert.ok(total < 30 * KIB, `${total} bytes`);
    const html = await (await fetch(BASE + path, { headers: { 'Save-Data': 'on' } })).text();
    assert.doesNotMatch(html, /<script(?![^>]*ld\+json)|woff2/);
  });
}
