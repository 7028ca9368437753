// What operators and auditors see: the journal, its chain, the permissions, the jobs, what waits for a person.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible, assertFrenchTypography, assertWellBuilt } from '../harness/accessibility.mjs';
import { assertKeyboardWalk } from '../harness/keyboard.mjs';
import { signIn } from '../harness/signin.mjs';
import { resize, visit, WIDTHS } from '../harness/browser.mjs';

const [NARROW, WIDE] = WIDTHS;

/** The pages that each of these people sees. */
const SEEN = {
  'Ingrid Hoareau': [
    '/supervision',
    '/journal',
    '/journal?au=2001-01-01',
    '/journal/etat',
    '/droits',
    '/droits?fonction=Prefecture',
    '/mon-journal',
    '/mon-journal?vue=autres',
  ],
  'Ada Lheureux': [
    '/taches',
    '/taches/exploitation.veille',
    '/suites',
    '/suites/courriers',
    '/webhooks',
    '/webhooks/nouveau',
    '/references',
    '/references/comptes.inactivite',
    '/references/comptes.inactivite/nouvelle',
    '/references/comptes.inactivite/retirer',
  ],
};

describe('pages de supervision', { concurrency: 2 }, () => {
  for (const [name, paths] of Object.entries(SEEN)) {
    for (const path of paths) {
      test(`${path} vue par ${name}`, async (t) => {
        const page = await visit(t, '/demonstration', { width: WIDE });
        await signIn(page, name, path);
        assert.equal(new URL(page.url()).pathname, path.split('?')[0]);
        await assertWellBuilt(page);
        await assertAccessible(page);
        await assertFrenchTypography(page);
        await assertKeyboardWalk(page);
        await resize(page, NARROW);
        await assertWellBuilt(page);
        await assertAccessible(page);
      });
    }
  }
});

test('un système ajouté montre son secret une fois', async (t) => {
  const page = await visit(t, '/demonstration', { javascript: false, width: NARROW });
  await signIn(page, 'Ada Lheureux', '/webhooks/nouveau');
  await page.getByLabel('Adresse à appeler').fill('https://exemple.fr/rappel');
  await page.getByLabel('Un fichier de lieux a été importé').check();
  await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await page.getByText('Copiez ce secret maintenant').waitFor();
  await page.getByRole('link', { name: 'J’ai copié le secret' }).click();
  await page.getByRole('heading', { name: 'Système prévenu' }).waitFor();
  assert.equal(await page.getByText('Copiez ce secret maintenant').count(), 0);
});

test('une durée change à sa date, puis ce changement se retire', async (t) => {
  const page = await visit(t, '/demonstration', { width: NARROW });
  await signIn(page, 'Ada Lheureux', '/references/comptes.notifications');
  await page.getByRole('link', { name: 'Enregistrer une nouvelle valeur' }).click();
  const save = async (value) => {
    await page.getByLabel('Nouvelle valeur').fill(value);
    await page.getByLabel('Jour', { exact: true }).fill('1');
    await page.getByLabel('Mois', { exact: true }).fill('1');
    await page.getByLabel('Année', { exact: true }).fill('2090');
    await page.getByLabel('Source').fill('Décision du comité de pilotage');
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  };
  await save('5000');
  await page.locator('.govuk-error-summary').waitFor();
  assert.equal(await page.getByLabel('Nouvelle valeur').inputValue(), '5000');
  assert.equal(await page.getByLabel('Source').inputValue(), 'Décision du comité de pilotage');
  await assertAccessible(page);
  await save('400');
  await page.waitForURL(/\?fait=1$/);
  await page.getByText('400 jours à partir du dimanche 1er janvier 2090').waitFor();
  await assertAccessible(page);
  await assertFrenchTypography(page);

  await page.getByRole('link', { name: 'Retirer une valeur à venir' }).click();
  await page.getByLabel('400 jours à partir du').check();
  await page.getByLabel('Pourquoi la retirer').fill('Décision rapportée');
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Retirer', exact: true }).click();
  await page.waitForURL(/\?fait=1$/);
  await page.getByText('Aucun changement n’est prévu').waitFor();
  await page.getByRole('heading', { name: 'Retirées avant d’avoir commencé' }).waitFor();
  await assertAccessible(page);
  await assertFrenchTypography(page);
});
