// Files of people: a second file that looks like the first, comparing the two, joining them, separating them; lifting the separation of duties.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible, assertFrenchTypography, assertWellBuilt } from '../harness/accessibility.mjs';
import { assertKeyboardWalk } from '../harness/keyboard.mjs';
import { signIn } from '../harness/signin.mjs';
import { resize, visit, WIDTHS } from '../harness/browser.mjs';

const [NARROW, WIDE] = WIDTHS;

async function assertSound(page) {
  for (const width of [WIDE, NARROW]) {
    await resize(page, width);
    await assertWellBuilt(page);
    await assertAccessible(page);
    await assertFrenchTypography(page);
  }
}

async function openFile(page, first, last, year) {
  await page.goto(new URL('/personnes/nouvelle', page.url()).href);
  await page.getByLabel('Prénom').fill(first);
  await page.getByLabel('Nom', { exact: true }).fill(last);
  await page.getByLabel('Année de naissance').fill(year);
  await page.getByRole('button', { name: 'Ouvrir la fiche' }).click();
}

test('deux fiches d’une même personne se voient, se comparent, se réunissent et se séparent', async (t) => {
  const page = await visit(t, '/demonstration', { width: WIDE });
  await signIn(page, 'Ada Lheureux', '/personnes');
  await openFile(page, 'Perpétue', 'Vachonfrain', '1948');
  await page.getByRole('heading', { name: 'Reçu' }).waitFor();

  await openFile(page, 'Perpetue', 'Vachonfrain', '1948');
  await page.getByText('Cette personne a peut-être déjà une fiche').waitFor();
  await page.getByRole('link', { name: 'Voir la fiche de Perpétue Vachonfrain, 1948' }).waitFor();
  assert.equal(await page.getByLabel('Prénom').inputValue(), 'Perpetue');
  await assertSound(page);
  await page.getByLabel('C’est une autre personne').check();
  await page.getByRole('button', { name: 'Ouvrir la fiche' }).click();
  await page.getByRole('heading', { name: 'Reçu' }).waitFor();

  await page.goto(new URL('/taches/comptes.rapprochement', page.url()).href);
  await page.getByRole('button', { name: 'Lancer maintenant' }).click();
  const pair = page.getByRole('link', { name: /Vachonfrain et .*Vachonfrain/ });
  for (let tries = 0; tries < 60 && (await pair.count()) === 0; tries += 1) {
    await page.waitForTimeout(500);
    await page.goto(new URL('/personnes/doublons', page.url()).href);
  }
  await assertSound(page);
  await pair.click();
  await page.getByRole('heading', { name: 'Une personne, ou deux' }).waitFor();
  await page.getByText('même prénom et même nom').waitFor();
  await assertSound(page);
  await assertKeyboardWalk(page);

  await page.getByRole('link', { name: 'Réunir et garder la première' }).click();
  await assertSound(page);
  await page.getByLabel('Comment vous savez que c’est la même personne').fill('elle l’a confirmé au téléphone');
  await page.getByRole('button', { name: 'Réunir les deux fiches' }).click();
  await page.getByRole('heading', { name: 'Fiches réunies' }).waitFor();
  await page.getByRole('button', { name: 'Séparer de nouveau' }).click();
  await page.getByRole('heading', { name: 'Fonctions' }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Fiches réunies' }).count(), 0);
});

test('la séparation des rôles se lève quelque part, se lit, et se rétablit', async (t) => {
  const page = await visit(t, '/demonstration', { width: NARROW });
  await signIn(page, 'Ada Lheureux', '/separation');
  await page.getByText('la règle s’applique partout').waitFor();
  await assertSound(page);
  await page.getByRole('link', { name: 'Lever la règle quelque part' }).click();
  await page.getByLabel('Périmètre').fill('Mayotte');
  await page.getByLabel('Pourquoi').fill('trop court');
  await page.getByRole('button', { name: 'Lever la règle' }).click();
  await page.locator('.govuk-error-summary').waitFor();
  assert.equal(await page.getByLabel('Périmètre').inputValue(), 'Mayotte');
  await assertSound(page);
  await page.getByLabel('Pourquoi').fill('un seul agent sur place cette année');
  const today = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris' }).format(new Date()).split('/');
  for (const [group, values] of [['Premier jour', today], ['Dernier jour', ['31', '12', today[2]]]]) {
    const date = page.getByRole('group', { name: group });
    for (const [field, value] of [['Jour', 0], ['Mois', 1], ['Année', 2]]) {
      await date.getByLabel(field).fill(String(values[value]));
    }
  }
  await page.getByRole('button', { name: 'Lever la règle' }).click();
  await page.getByText('règle levée en ce moment').waitFor();
  await assertSound(page);

  const auditor = await visit(t, '/demonstration', { width: WIDE });
  await signIn(auditor, 'Ingrid Hoareau', '/supervision');
  await auditor.getByRole('link', { name: 'Voir où la règle est levée' }).click();
  await auditor.getByText('un seul agent sur place cette année').waitFor();
  assert.equal(await auditor.getByRole('button', { name: 'Rétablir' }).count(), 0);

  await page.getByRole('button', { name: 'Rétablir la règle maintenant' }).click();
  await page.getByText('règle rétablie le').waitFor();
});
