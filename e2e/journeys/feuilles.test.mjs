// What is printed of a place: its sheet, the orientation sheet whose names stay in the browser, the poster; and its old addresses.
import test from 'node:test';
import assert from 'node:assert/strict';
import { assertTree } from '../harness/accessibility.mjs';
import { BASE, visit } from '../harness/browser.mjs';
import { aMovingPlace, aPlace } from './pages.mjs';

const place = await aPlace(BASE);
const fiche = `/lieux/${place.id}`;
const printed = (page, selector) => page.locator(selector).first().isVisible();

for (const sheet of ['imprimer', 'orientation', 'affiche']) {
  test(`${sheet} : le papier garde le texte, sans ce qui sert à l’écran`, async (t) => {
    const page = await visit(t, `${fiche}/${sheet}`);
    await page.emulateMedia({ media: 'print' });
    assert.ok(await printed(page, 'h1'));
    for (const tool of ['.m-menu', '.m-fil', '.m-imprimer', '.m-preferences', '.m-evitement']) assert.equal(await printed(page, tool), false, tool);
    assert.match(await page.locator('main').innerText(), new RegExp(place.adresse));
  });

  test(`${sheet} : le bouton imprime, et n’est pas là sans JavaScript`, async (t) => {
    const page = await visit(t, `${fiche}/${sheet}`);
    await page.evaluate(() => (globalThis.print = () => (document.body.dataset.imprime = 'oui')));
    await page.getByRole('button', { name: 'Imprimer' }).click();
    assert.equal(await page.locator('body').getAttribute('data-imprime'), 'oui');
    const plain = await visit(t, `${fiche}/${sheet}`, { javascript: false });
    assert.equal(await plain.getByRole('button', { name: 'Imprimer' }).count(), 0);
  });
}

test('la fiche d’orientation s’annonce dans l’ordre', async (t) => {
  const page = await visit(t, `${fiche}/orientation`);
  await assertTree(page, [
    /^heading "Fiche d’orientation\s: .+" \[level=1\]/,
    'button "Imprimer"',
    'textbox "Personne orientée"',
    'textbox "Ce dont elle a besoin"',
    'textbox "Orientée par"',
    'term: Personne orientée',
    'heading "Téléphone" [level=2]',
    'heading "Adresse" [level=2]',
    'table "Horaires des sept prochains jours"',
  ]);
});

test('les noms écrits sur la fiche d’orientation ne quittent pas le navigateur', async (t) => {
  const page = await visit(t, `${fiche}/orientation`);
  const asked = [];
  // Chromium may still be asking for the icon of the tab.
  page.on('request', (request) => request.url().endsWith('.svg') || asked.push(request.url()));
  await page.getByLabel('Personne orientée').fill('Nadia Benali');
  await page.getByLabel('Ce dont elle a besoin').fill('<b>Carte grise</b>');
  assert.equal(await page.locator('#personne').innerText(), 'Nadia Benali');
  assert.equal(await page.locator('#besoin').innerText(), '<b>Carte grise</b>');
  assert.deepEqual(asked, []);
  assert.equal(new URL(page.url()).search, '');
  const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, document.querySelectorAll('main [name]').length]);
  assert.deepEqual(kept, [0, 0, '', 0]);
  await page.getByLabel('Personne orientée').fill('');
  assert.equal(await page.locator('#personne').innerText(), '');
  await page.getByLabel('Personne orientée').fill('Nadia Benali');
  await page.goto(`${BASE}/`);
  await page.goBack();
  assert.equal(await page.getByLabel('Personne orientée').inputValue(), '');
});

test('sans JavaScript, la fiche d’orientation se remplit au stylo', async (t) => {
  const page = await visit(t, `${fiche}/orientation`, { javascript: false });
  assert.equal(await page.getByRole('textbox').count(), 0);
  assert.match(await page.locator('dl').innerText(), /Personne orientée/);
});

test('l’affiche porte une adresse courte qui mène au lieu, à côté du code et du téléphone', async (t) => {
  const page = await visit(t, `${fiche}/affiche`);
  const foot = page.locator('.m-affiche__pied');
  const short = (await foot.innerText()).match(/https?:\/\/\S+\/l\/\S+/)[0];
  await foot.getByRole('img', { name: `Code QR vers ${short}` }).waitFor();
  assert.match(await foot.innerText(), /0\d( \d\d){4}/);
  const answer = await fetch(BASE + new URL(short).pathname, { redirect: 'manual' });
  assert.equal(answer.status, 307);
  assert.equal(new URL(answer.headers.get('location'), BASE).pathname, fiche);
});

test('l’affiche ne porte aucune date, sauf celles des passages', async (t) => {
  const page = await visit(t, `${fiche}/affiche`);
  assert.doesNotMatch(await page.locator('.m-affiche').innerText(), /\b20\d\d\b|janvier|novembre|décembre/);
});

test('la fiche d’un lieu itinérant dit ses prochains passages', async (t) => {
  const moving = await aMovingPlace(BASE);
  const page = await visit(t, `/lieux/${moving.id}/imprimer`);
  await assertTree(page, ['heading "Prochains passages" [level=2]', 'list', /^listitem/]);
});

test('un lieu sans autre horaire que ses passages annonce le prochain en tête', async (t) => {
  const moving = await aMovingPlace(BASE);
  const page = await visit(t, `/lieux/${moving.id}`);
  await assertTree(page, [/^heading ".+" \[level=1\]/, /^paragraph: "?Prochain passage .+\s: .+/, 'region "Prochains passages"']);
  assert.doesNotMatch(await page.locator('.m-fiche__tete').innerText(), /Horaires non communiqués/);
});

test('un identifiant écrit autrement mène à l’adresse du lieu', async () => {
  const answer = await fetch(`${BASE}/lieux/${place.id.toUpperCase()}`, { redirect: 'manual' });
  assert.equal(answer.status, 308);
  assert.equal(new URL(answer.headers.get('location'), BASE).pathname, fiche);
});
