// A file of places given in the browser: refused at its field, looked at, confirmed, followed, undone. Everything works without JavaScript.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible, assertFrenchTypography, assertWellBuilt } from '../harness/accessibility.mjs';
import { signIn } from '../harness/signin.mjs';
import { BASE, resize, visit, WIDTHS } from '../harness/browser.mjs';

const [NARROW, WIDE] = WIDTHS;

const HEADER = 'id,nom,commune,code_postal,adresse,telephone,date_maj,pivot';

const file = (lines, name = 'lieux.csv') => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from([HEADER, ...lines].join('\n')),
});

/** The page is well built, read by axe and set in French typography, narrow and wide. */
async function assertGood(page) {
  for (const width of [WIDE, NARROW]) {
    await resize(page, width);
    await assertWellBuilt(page);
    await assertAccessible(page);
  }
  await assertFrenchTypography(page);
}

/** The import goes on by itself: the page is asked again until it says so. */
async function until(page, words) {
  for (let tries = 0; tries < 60; tries += 1) {
    if ((await page.locator('main').innerText()).includes(words)) return;
    await new Promise((wait) => setTimeout(wait, 500));
    await page.getByRole('link', { name: 'Actualiser' }).click();
  }
  throw new Error(`the page never said: ${words}`);
}

/** The public finds a place, or no longer does, within the second that readers take to follow. */
async function isPublic(source, name, expected) {
  for (let tries = 0; tries < 40; tries += 1) {
    const answer = await fetch(`${BASE}/api/v1/lieux?source=${encodeURIComponent(source)}`);
    const names = (await answer.json()).lieux.map((place) => place.nom);
    if (names.includes(name) === expected) return;
    await new Promise((wait) => setTimeout(wait, 250));
  }
  assert.fail(`${name} should ${expected ? '' : 'not '}be found`);
}

for (const javascript of [true, false]) {
  const kind = javascript ? 'avec' : 'sans';
  const place = `Lieu importé ${kind}`;

  test(`un fichier se dépose, s’importe et s’annule (${kind} JavaScript)`, async (t) => {
    const page = await visit(t, '/espace/import', { javascript });
    await signIn(page, 'Loïc Kerbrat', '/espace/import');
    if (javascript) await assertGood(page);

    await page.getByLabel('Source').fill(`Réseau ${kind}`);
    await page.getByLabel('Fichier', { exact: true }).setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('[{') });
    await page.getByRole('button', { name: 'Déposer le fichier' }).click();
    await page.getByText('Le fichier JSON est mal formé').first().waitFor();
    assert.equal(await page.getByLabel('Source').inputValue(), `Réseau ${kind}`);
    if (javascript) await assertGood(page);

    const lines = [
      `1,${place},Quimper,29000,1 rue de l’Import,0298980000,2026-01-01`,
      '2,Trop loin,Lyon,69002,2 rue B,,2026-01-01',
      '3,,Quimper,29000,3 rue C,,2026-01-01',
    ];
    await page.getByLabel('Fichier', { exact: true }).setInputFiles(file(lines));
    await page.getByRole('button', { name: 'Déposer le fichier' }).click();
    await page.waitForURL(/\/espace\/import\/[0-9a-f-]{36}$/);
    await page.getByText('Ce lieu n’est pas dans votre périmètre').waitFor();
    await page.getByText('Le nom du lieu manque').waitFor();
    if (javascript) await assertGood(page);

    await page.getByRole('link', { name: 'Importer ces lieux' }).click();
    if (javascript) await assertGood(page);
    await page.getByRole('button', { name: 'Lancer l’import' }).click();
    await until(page, 'L’import est terminé');
    if (javascript) await assertGood(page);
    await isPublic(`Réseau ${kind}`, place, true);

    await page.getByRole('link', { name: 'Annuler cet import' }).click();
    if (javascript) await assertGood(page);
    await page.getByRole('button', { name: 'Annuler cet import' }).click();
    await until(page, 'L’import est annulé');
    if (javascript) await assertGood(page);
    await isPublic(`Réseau ${kind}`, place, false);
    await page.getByRole('link', { name: 'Tous les imports' }).click();
    await page.getByRole('row').filter({ hasText: `Réseau ${kind}` }).getByText('Annulé').waitFor();
    if (javascript) await assertGood(page);
  });
}

test('on voit quelles lignes sont refusées, quels lieux partent et lesquels restent', async (t) => {
  const page = await visit(t, '/espace/import');
  await signIn(page, 'Loïc Kerbrat', '/espace/import');
  const give = async (lines) => {
    await page.goto(`${BASE}/espace/import`);
    await page.getByLabel('Source').fill('Réseau des listes');
    await page.getByLabel('Fichier', { exact: true }).setInputFiles(file(lines));
    await page.getByRole('button', { name: 'Déposer le fichier' }).click();
    await page.waitForURL(/\/espace\/import\/[0-9a-f-]{36}$/);
    return page.url();
  };
  const giveUp = async (address) => {
    await page.goto(`${address}/annuler`);
    await page.getByRole('button', { name: 'Annuler cet import' }).click();
    await until(page, 'L’import est annulé');
  };
  const first = await give(['1,Lieu qui partira,Quimper,29000,4 rue de l’Import,,2026-01-01', '2,,Quimper,29000,5 rue E,,2026-01-01']);
  await page.goto(`${first}/refus`);
  await page.getByText('Le nom du lieu manque').waitFor();
  await assertGood(page);
  await page.goto(`${first}/lancer`);
  await page.getByRole('button', { name: 'Lancer l’import' }).click();
  await until(page, 'L’import est terminé');

  const second = await give(['3,Lieu qui vient,Quimper,29000,6 rue F,,2026-01-01']);
  await assertGood(page);
  await page.goto(`${second}/retraits`);
  await page.getByText('Lieu qui partira').waitFor();
  await assertGood(page);
  await giveUp(second);
  await giveUp(first);
  await page.goto(`${first}/laisses`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await assertGood(page);
});

test('un fichier trop gros est refusé avec sa limite, et la source reste', async (t) => {
  const page = await visit(t, '/espace/import');
  await signIn(page, 'Mourad Chérif', '/espace/import');
  await page.getByLabel('Source').fill('Gros réseau');
  await page.getByLabel('Fichier', { exact: true }).setInputFiles({ name: 'gros.csv', mimeType: 'text/csv', buffer: Buffer.alloc(11_000_000, 'a') });
  await Promise.all([page.waitForLoadState(), page.getByRole('button', { name: 'Déposer le fichier' }).click()]);
  await page.getByText('Ce fichier dépasse 10 Mo').first().waitFor();
  assert.equal(await page.getByLabel('Source').inputValue(), 'Gros réseau');
});

describe('au clavier', () => {
  test('le dépôt se fait sans souris', async (t) => {
    const page = await visit(t, '/espace/import');
    await signIn(page, 'Loïc Kerbrat', '/espace/import');
    await page.getByLabel('Source').focus();
    await page.keyboard.type('Réseau au clavier');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'fichier');
    await page.getByLabel('Fichier', { exact: true }).setInputFiles(file(['7,Au clavier,Quimper,29000,7 rue D,,2026-01-01']));
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Déposer le fichier');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/espace\/import\/[0-9a-f-]{36}$/);
    await page.getByRole('link', { name: 'Annuler cet import' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Annuler cet import' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('L’import est annulé').first().waitFor();
  });
});
