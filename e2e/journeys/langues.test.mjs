// Other languages: the search, the results and a place, announced in them and read in their direction.
import test from 'node:test';
import assert from 'node:assert/strict';
import { assertTree } from '../harness/accessibility.mjs';
import { BASE, visit } from '../harness/browser.mjs';
import { aPlace, COMMUNE } from './pages.mjs';

const place = await aPlace(BASE);
const SEARCH = {
  en: 'Where are you looking for help?',
  ar: 'أين تبحث عن المساعدة؟',
  pt: 'Onde procura ajuda?',
  uk: 'Де ви шукаєте допомогу?',
};

for (const [lang, question] of Object.entries(SEARCH)) {
  test(`${lang} : de la recherche au lieu`, async (t) => {
    const page = await visit(t, `/${lang}/`);
    assert.equal(await page.locator('html').getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr');
    await page.getByRole('combobox', { name: question }).fill('Bourg-en-Bresse');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/${lang}/lieux?commune=${COMMUNE}`);
    await assertTree(page, [/^heading .*Bourg-en-Bresse.*\[level=1\]/, /^form /, /^status: \d+ /, 'list', 'listitem', 'article', /^heading ".+" \[level=3\]/]);
    await page.locator('main ol li').first().getByRole('link').first().click();
    await page.waitForURL(new RegExp(`/${lang}/lieux/[0-9a-f-]{36}$`));
    await assertTree(page, [/^heading ".+" \[level=1\]/, /^link ".*\d\d \d\d \d\d/, /^table /, /^rowheader /]);
  });
}

test('on change de langue sans perdre sa page', async (t) => {
  const page = await visit(t, `/lieux/${place.id}`);
  await page.getByRole('navigation', { name: 'Choisir une langue' }).locator('summary').click();
  await page.getByRole('link', { name: 'العربية' }).click();
  await page.waitForURL(`**/ar/lieux/${place.id}`);
  assert.equal(await page.locator('h1').innerText(), place.nom);
  const others = await page.locator('link[rel=alternate]').evaluateAll((links) => links.map((link) => link.hreflang));
  assert.deepEqual(others.filter((code) => code.length === 2).sort(), ['ar', 'en', 'fr', 'pt', 'uk']);
});
