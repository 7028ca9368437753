// The monthly sheet: who comes, when, in a commune or an agglomeration, to print and pin up.
import test from 'node:test';
import assert from 'node:assert/strict';
import { assertTree } from '../harness/accessibility.mjs';
import { BASE, visit } from '../harness/browser.mjs';
import { aMovingPlace, COMMUNE, EPCI, MONTH } from './pages.mjs';

for (const javascript of [true, false]) {
  test(`on choisit la feuille d’une commune ou de son intercommunalité (${javascript ? 'avec' : 'sans'} JavaScript)`, async (t) => {
    const page = await visit(t, '/mois', { javascript });
    await page.getByRole('searchbox', { name: 'Dans quelle commune ?' }).fill('Bourg-en-Bresse');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/mois\?q=/);
    await assertTree(page, ['heading "Communes" [level=2]', 'link "Bourg-en-Bresse', 'heading "Intercommunalités" [level=2]', 'link "CA du Bassin de Bourg-en-Bresse"']);
    await page.getByRole('link', { name: /^CA du Bassin/ }).click();
    await page.waitForURL(`**/calendrier/${EPCI}/${MONTH}`);
    await page.getByRole('link', { name: 'Mois suivant' }).click();
    await page.waitForURL((url) => url.pathname.startsWith(`/calendrier/${EPCI}/`) && !url.pathname.endsWith(MONTH));
    await page.getByRole('link', { name: 'Mois précédent' }).click();
    await page.waitForURL(`**/calendrier/${EPCI}/${MONTH}`);
  });
}

test('la feuille annonce les passages, puis les lieux ouverts toute l’année', async (t) => {
  const page = await visit(t, `/calendrier/${COMMUNE}/${MONTH}`);
  await assertTree(page, [
    /^heading "Bourg-en-Bresse\s: qui vient, et quand, en .+ 20\d\d" \[level=1\]/,
    'button "Imprimer"',
    'link "Mois précédent"',
    'link "Mois suivant"',
    'heading "Les passages du mois" [level=2]',
    'heading "Les lieux ouverts toute l’année" [level=2]',
    'list',
    /^heading ".+" \[level=3\]/,
  ]);
});

test('les passages suivent les jours du mois', async (t) => {
  const moving = await aMovingPlace(BASE);
  const page = await visit(t, `/calendrier/${moving.visites[0].commune}/${MONTH}`);
  const days = await page.locator('.m-agenda li strong:first-child').allInnerTexts();
  const numbers = days.map((day) => Number(day.match(/\d+/)?.[0])).filter(Boolean);
  assert.ok(numbers.length > 0, 'somebody comes this month');
  assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b));
  assert.match(await page.locator('.m-agenda').innerText(), new RegExp(moving.nom));
});

test('sur papier, la feuille garde ses passages et son adresse', async (t) => {
  const page = await visit(t, `/calendrier/${EPCI}/${MONTH}`);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('link', { name: 'Mois suivant' }).count(), 0);
  assert.match(await page.locator('main').innerText(), /Version à jour\s: http\S+epci=/);
});

test('un mois ou un territoire qui n’existe pas donne une page absente', async (t) => {
  await visit(t, `/calendrier/${COMMUNE}/2026-13`, { expected: 404 });
  await visit(t, `/calendrier/00000/${MONTH}`, { expected: 404 });
});
