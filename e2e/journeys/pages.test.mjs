// Each public page: well built, accessible, narrow and wide, walked with a keyboard, whole without JavaScript.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible, assertWellBuilt } from '../harness/accessibility.mjs';
import { assertKeyboardWalk } from '../harness/keyboard.mjs';
import { BASE, visit, WIDTHS } from '../harness/browser.mjs';
import { aPlace, PAGES } from './pages.mjs';

const place = await aPlace(BASE);
const pages = [
  ...PAGES,
  { name: 'fiche', path: `/lieux/${place.id}` },
  { name: 'fiche en anglais', path: `/en/lieux/${place.id}`, lang: 'en' },
  { name: 'fiche en arabe', path: `/ar/lieux/${place.id}`, lang: 'ar' },
];

describe('chaque page publique', { concurrency: 3 }, () => {
  for (const { name, path, lang = 'fr', status = 200 } of pages) {
    for (const width of WIDTHS) {
      test(`${name} : accessible à ${width} px`, async (t) => {
        const page = await visit(t, path, { width, expected: status });
        assert.equal(await page.locator('html').getAttribute('lang'), lang);
        await assertWellBuilt(page);
        await assertAccessible(page);
      });
    }

    test(`${name} : accessible en sombre`, async (t) => {
      await assertAccessible(await visit(t, path, { scheme: 'dark', expected: status }));
    });

    test(`${name} : se parcourt au clavier`, async (t) => {
      await assertKeyboardWalk(await visit(t, path, { expected: status }));
    });

    test(`${name} : entière sans JavaScript`, async (t) => {
      const [scripted, plain] = [await visit(t, path, { expected: status }), await visit(t, path, { javascript: false, expected: status })];
      const headings = (page) => page.locator('main :is(h1, h2, h3)').allInnerTexts();
      assert.deepEqual(await headings(plain), await headings(scripted));
      await assertWellBuilt(plain);
    });
  }
});
