// Somebody reports a mistake on a field of a place, with and without JavaScript.
import test from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible, assertTree } from '../harness/accessibility.mjs';
import { tabTo } from '../harness/keyboard.mjs';
import { BASE, visit, WIDTHS } from '../harness/browser.mjs';
import { aPlace } from './pages.mjs';

const place = await aPlace(BASE);
const fiche = `/lieux/${place.id}`;

for (const javascript of [true, false]) {
  for (const width of WIDTHS) {
    test(`de la fiche au remerciement (${javascript ? 'avec' : 'sans'} JavaScript, ${width} px)`, async (t) => {
      const page = await visit(t, fiche, { javascript, width });
      await page.getByText('Une information est fausse ?').click();
      await page.getByRole('link', { name: 'Horaires', exact: true }).click();
      await page.waitForURL(/\/signaler\?champ=horaires$/);
      assert.ok(await page.getByRole('radio', { name: 'Les horaires' }).isChecked());
      await page.getByRole('textbox').fill('Le lieu ferme à 17 h le mercredi.');
      await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
      await page.waitForURL(/\/signaler\?merci=1$/);
      await page.getByRole('status').filter({ hasText: 'Merci, votre signalement est enregistré' }).waitFor();
      assert.equal(await page.getByRole('textbox').count(), 0, 'nothing is left to send');
      if (javascript) await assertAccessible(page);
      await page.getByRole('status').getByRole('link', { name: 'Revenir à la page du lieu' }).click();
      await page.waitForURL((url) => url.pathname === fiche);
    });
  }
}

test('ce qui manque se dit, et ce qui est écrit reste', async (t) => {
  const page = await visit(t, `${fiche}/signaler`);
  const message = 'Le numéro de téléphone ne répond plus.';
  await page.getByRole('textbox').fill(message);
  await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
  const summary = page.locator('.govuk-error-summary');
  await summary.waitFor();
  assert.match(await summary.innerText(), /Choisissez l’information/);
  assert.ok(await summary.evaluate((element) => element === document.activeElement), 'the summary has the focus');
  assert.equal(await page.getByRole('textbox').inputValue(), message);
  await summary.getByRole('link').click();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'champ');
  await assertAccessible(page);
  await page.getByRole('radio', { name: 'Le téléphone' }).check();
  await page.getByRole('textbox').fill('');
  await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
  await summary.waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Le téléphone' }).isChecked());
  await page.getByRole('textbox').fill(message);
  await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
  await page.waitForURL(/merci=1$/);
});

test('le formulaire s’annonce dans l’ordre', async (t) => {
  const page = await visit(t, `${fiche}/signaler?champ=telephone`);
  await assertTree(page, [
    'heading "Signaler une erreur" [level=1]',
    'group "Quelle information est fausse ?"',
    'radio "Le nom du lieu"',
    'radio "Le téléphone" [checked]',
    'radio "Autre chose"',
    'textbox "Qu’est-ce qui est faux, et quelle est la bonne information ?"',
    'button "Envoyer le signalement"',
  ]);
});

test('au clavier seul, un signalement part', async (t) => {
  const page = await visit(t, `${fiche}/signaler?champ=telephone`);
  await tabTo(page, /Qu’est-ce qui est faux/);
  await page.keyboard.type('Le numéro a changé.');
  await tabTo(page, 'Envoyer le signalement');
  await page.keyboard.press('Enter');
  await page.waitForURL(/merci=1$/);
});
