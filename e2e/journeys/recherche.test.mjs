// From the search box to the door of a place, with and without JavaScript, and with a keyboard alone.
import test from 'node:test';
import assert from 'node:assert/strict';
import { assertTree } from '../harness/accessibility.mjs';
import { tabTo } from '../harness/keyboard.mjs';
import { visit, WIDTHS } from '../harness/browser.mjs';
import { COMMUNE } from './pages.mjs';

for (const javascript of [true, false]) {
  for (const width of WIDTHS) {
    test(`on trouve un lieu depuis l’accueil (${javascript ? 'avec' : 'sans'} JavaScript, ${width} px)`, async (t) => {
      const page = await visit(t, '/', { javascript, width });
      await page.getByRole(javascript ? 'combobox' : 'searchbox', { name: 'Où cherchez-vous de l’aide ?' }).fill('Bourg-en-Bresse');
      await page.keyboard.press('Enter');
      await page.waitForURL(/commune=01053/);
      await assertTree(page, [/^heading "Lieux d’aide numérique.*Bourg-en-Bresse" \[level=1\]/, /\d+ lieux?/, 'list', 'listitem', 'heading']);
      const place = page.locator('main ol li').first().getByRole('link').first();
      const name = (await place.innerText()).trim();
      await place.click();
      await page.waitForURL(/\/lieux\/[0-9a-f-]{36}/);
      assert.equal((await page.locator('h1').innerText()).trim(), name);
    });
  }
}

test('les résultats vont du plus proche au plus lointain', async (t) => {
  const page = await visit(t, `/lieux?commune=${COMMUNE}`);
  const texts = await page.locator('main ol li').allInnerTexts();
  const distances = texts.map((text) => text.match(/à\s([\d,]+)\s(k?m)\b/)).filter(Boolean);
  assert.ok(distances.length > 1, 'the cards say how far they are');
  const metres = distances.map(([, value, unit]) => Number(value.replace(',', '.')) * (unit === 'km' ? 1000 : 1));
  assert.deepEqual(metres, metres.toSorted((a, b) => a - b));
});

test('au clavier seul, de l’accueil à un lieu', async (t) => {
  const page = await visit(t, '/');
  await tabTo(page, /Où cherchez-vous de l’aide/);
  await page.keyboard.type('01000');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/lieux/);
  const first = (await page.locator('main ol li').first().getByRole('link').first().innerText()).trim();
  await tabTo(page, first);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/lieux\/[0-9a-f-]{36}/);
});

test('le lien d’évitement mène au contenu', async (t) => {
  const page = await visit(t, `/lieux?commune=${COMMUNE}`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'contenu');
});
