// Each public page: well built, accessible, narrow and wide, light and dark, walked with a keyboard, whole without JavaScript.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible, assertFrenchTypography, assertWellBuilt, CONTRAST } from '../harness/accessibility.mjs';
import { assertKeyboardWalk } from '../harness/keyboard.mjs';
import { BASE, resize, visit, WIDTHS } from '../harness/browser.mjs';
import { everyPage } from './pages.mjs';

const [NARROW, WIDE] = WIDTHS;
const pages = await everyPage(BASE);
const headings = (page) => page.locator('main :is(h1, h2, h3)').allTextContents();

describe('chaque page publique', { concurrency: 2 }, () => {
  for (const { name, path, lang = 'fr', status = 200 } of pages) {
    test(name, async (t) => {
      const page = await visit(t, path, { width: WIDE, expected: status });
      const scripted = await headings(page);

      await t.test(`${name} : accessible à ${WIDE} px`, async () => {
        assert.equal(await page.locator('html').getAttribute('lang'), lang);
        await assertWellBuilt(page);
        await assertAccessible(page);
        if (lang === 'fr') await assertFrenchTypography(page);
      });
      await t.test(`${name} : se parcourt au clavier`, () => assertKeyboardWalk(page));
      await t.test(`${name} : lisible en sombre`, async () => {
        await page.emulateMedia({ colorScheme: 'dark' });
        await assertAccessible(page, CONTRAST);
      });
      await t.test(`${name} : accessible à ${NARROW} px`, async () => {
        await page.emulateMedia({ colorScheme: 'light' });
        await resize(page, NARROW);
        await assertWellBuilt(page);
        await assertAccessible(page);
      });
      await t.test(`${name} : entière sans JavaScript`, async () => {
        const plain = await visit(t, path, { width: NARROW, javascript: false, expected: status });
        assert.deepEqual(await headings(plain), scripted);
        await assertWellBuilt(plain);
      });
    });
  }
});
