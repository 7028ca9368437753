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

test('au clavier seul, la première réponse mène à la deuxième question', async (t) => {
  const page = await visit(t, '/orientation');
  await tabTo(page, /Aide aux démarches administratives/);
  await page.keyboard.press('Space');
  await tabTo(page, 'Continuer');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Où êtes-vous ?' }).waitFor();
});
