// The wizard, from its first question to places, with and without JavaScript, and with a keyboard alone.
import test from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible } from '../harness/accessibility.mjs';
import { tabTo } from '../harness/keyboard.mjs';
import { visit, WIDTHS } from '../harness/browser.mjs';

for (const javascript of [true, false]) {
  for (const width of WIDTHS) {
    test(`quatre questions mènent à des lieux (${javascript ? 'avec' : 'sans'} JavaScript, ${width} px)`, async (t) => {
      const page = await visit(t, '/orientation', { javascript, width });
      const next = async () => {
        if (javascript) await assertAccessible(page);
        await page.getByRole('button', { name: 'Continuer' }).click();
      };
      await page.getByText('Aide aux démarches administratives', { exact: true }).click();
      await next();
      await page.getByRole('heading', { level: 1, name: 'Où êtes-vous ?' }).waitFor();
      await page.getByRole('textbox').fill('Bourg-en-Bresse');
      await next();
      await page.waitForURL(/commune=01053/);
      await page.getByRole('button', { name: 'Continuer' }).waitFor();
      await next();
      await page.waitForURL(/etape=4/);
      await page.locator('main form').getByRole('button').last().click();
      await page.waitForURL(/\/lieux\?/);
      assert.match(page.url(), /services=aide-demarches/);
      assert.match(page.url(), /commune=01053/);
      assert.match(await page.locator('main').innerText(), /\d+ lieux? /);
    });
  }
}

test('le nombre de lieux suit chaque réponse sans recharger la page', async (t) => {
  const page = await visit(t, '/orientation?etape=3&commune=01053&distance=50');
  await page.evaluate(() => (document.body.dataset.meme = 'page'));
  const status = page.locator('main [role=status]').filter({ hasText: /corresponde?n?t? à vos réponses/ });
  const count = async () => Number((await status.innerText()).match(/^[\d\s]+/)[0].replace(/\s/g, ''));
  const [all, sentence] = [await count(), await status.innerText()];
  const box = page.getByRole('checkbox', { name: 'Handicaps moteurs' });
  await box.check();
  await status.filter({ hasNotText: sentence }).waitFor();
  const fewer = await count();
  assert.ok(fewer < all, `${fewer} < ${all}`);
  await box.uncheck();
  await status.filter({ hasText: `${all} ` }).waitFor();
  assert.equal(await page.locator('body').getAttribute('data-meme'), 'page');
  await box.check();
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.waitForURL(/etape=4/);
  assert.equal(await count(), fewer);
});

test('la rue écrite dans le questionnaire ne part pas avec le nombre', async (t) => {
  const page = await visit(t, '/orientation?etape=2');
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByRole('textbox').fill('12 rue des Lilas, Bourg-en-Bresse');
  await page.getByRole('combobox').selectOption({ index: 0 });
  await page.waitForTimeout(600);
  assert.deepEqual(asked.filter((url) => url.includes('Lilas')), []);
});

test('au clavier seul, la première réponse mène à la deuxième question', async (t) => {
  const page = await visit(t, '/orientation');
  await tabTo(page, /Aide aux démarches administratives/);
  await page.keyboard.press('Space');
  await tabTo(page, 'Continuer');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Où êtes-vous ?' }).waitFor();
});
