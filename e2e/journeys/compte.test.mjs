// Signing in, one's account, people and invitations: with and without JavaScript, narrow and wide.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible, assertFrenchTypography, assertTree, assertWellBuilt } from '../harness/accessibility.mjs';
import { assertKeyboardWalk } from '../harness/keyboard.mjs';
import { message, signIn } from '../harness/signin.mjs';
import { resize, visit, WIDTHS } from '../harness/browser.mjs';

const [NARROW, WIDE] = WIDTHS;

/** The pages that each of these people sees. */
const SEEN = {
  'Ada Lheureux': [
    '/compte',
    '/compte/identite',
    '/compte/donnees',
    '/compte/donnees/effacer',
    '/compte/contacts/nouveau',
    '/compte/securite',
    '/compte/securite/application',
    '/personnes',
    '/personnes/nouvelle',
    '/invitations',
    '/invitations/nouvelle',
    '/organisations',
  ],
  'Nadia Belkacem': ['/personnes', '/invitations/nouvelle'],
};

describe('pages de compte', { concurrency: 2 }, () => {
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

for (const javascript of [true, false]) {
  test(`se connecter par un message, puis sortir (${javascript ? 'avec' : 'sans'} JavaScript)`, async (t) => {
    const to = javascript ? 'awa.diarrassouba@maillage.example' : 'yvonne.peyrat@maillage.example';
    const page = await visit(t, '/connexion', { javascript, width: NARROW });
    await page.getByLabel('Adresse de courriel').fill('awa');
    await page.getByRole('button', { name: 'Recevoir un lien de connexion' }).click();
    await page.locator('.govuk-error-summary').waitFor();
    assert.equal(await page.getByLabel('Adresse de courriel').inputValue(), 'awa');
    await page.getByLabel('Adresse de courriel').fill(to);
    await page.getByRole('button', { name: 'Recevoir un lien de connexion' }).click();
    await page.waitForURL(/\/connexion\/code\?envoye=1$/);
    const link = /\/connexion\/lien\/[0-9a-f]{64}/.exec(await message(to))[0];
    await page.goto(new URL(link, page.url()).href);
    await assertTree(page, ['heading "Confirmer la connexion" [level=1]', 'button "Me connecter"']);
    await page.getByRole('button', { name: 'Me connecter' }).click();
    await page.waitForURL(/\/compte$/);
    await page.getByRole('heading', { name: 'Mes fonctions' }).waitFor();
    await page.getByRole('button', { name: 'Me déconnecter' }).click();
    await page.waitForURL(/\/connexion\?sortie=1$/);
    await page.getByText('Vous êtes déconnecté').waitFor();
  });
}

test('exercer une autre de ses fonctions', async (t) => {
  const page = await visit(t, '/demonstration');
  await signIn(page, 'Thomas Ollivaud');
  const courante = page.getByRole('listitem').filter({ hasText: 'c’est celle que vous exercez' });
  const avant = await courante.innerText();
  await page.getByRole('button', { name: 'Exercer cette fonction' }).click();
  await page.waitForURL(/\/compte$/);
  assert.notEqual(await courante.innerText(), avant);
});

test('agir à la place de quelqu’un se voit sur chaque page', async (t) => {
  const page = await visit(t, '/demonstration');
  await signIn(page, 'Ada Lheureux', '/personnes');
  await page.getByRole('searchbox', { name: 'Chercher par nom de famille' }).fill('lantoine');
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await page.getByRole('link', { name: 'Lantoine Kévin' }).click();
  await page.getByRole('link', { name: 'Agir à sa place' }).click();
  await page.getByLabel('Pourquoi').fill('à sa demande, par téléphone');
  await page.getByRole('button', { name: 'Prendre sa place' }).click();
  await page.getByText('Vous agissez à la place de Kévin Lantoine').waitFor();
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Rendre la place' }).click();
  await page.waitForURL(/\/personnes\/[0-9a-f-]+$/);
  assert.equal(await page.getByText('Vous agissez à la place de').count(), 0);
});

test('retirer ses moyens de connexion à qui les a perdus demande un motif', async (t) => {
  const page = await visit(t, '/demonstration');
  await signIn(page, 'Ada Lheureux', '/personnes');
  await page.getByRole('searchbox', { name: 'Chercher par nom de famille' }).fill('lantoine');
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await page.getByRole('link', { name: 'Lantoine Kévin' }).click();
  await page.getByRole('link', { name: 'Retirer ses seconds moyens de connexion' }).click();
  await assertFrenchTypography(page);
  await assertWellBuilt(page);
  await page.getByLabel('Pourquoi').fill('perdu');
  await page.getByRole('button', { name: 'Retirer et fermer les sessions' }).click();
  await page.locator('.govuk-error-summary').waitFor();
  assert.equal(await page.getByLabel('Pourquoi').inputValue(), 'perdu');
  await assertAccessible(page);
  await assertFrenchTypography(page);
});

for (const path of ['/connexion/code?envoye=1', '/connexion/code?autre=1', '/invitation']) {
  test(`${path} se lit sans être connecté`, async (t) => {
    const page = await visit(t, path, { width: WIDE });
    await assertWellBuilt(page);
    await assertAccessible(page);
    await assertFrenchTypography(page);
    await resize(page, NARROW);
    await assertWellBuilt(page);
  });
}

test('un nom cherché ne se lit pas dans l’adresse, et ce qui manque se dit', async (t) => {
  const page = await visit(t, '/demonstration', { width: NARROW });
  await signIn(page, 'Ada Lheureux', '/personnes');
  await page.getByRole('searchbox', { name: 'Chercher par nom de famille' }).fill('zzzz');
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await page.getByText('Aucune personne de votre périmètre ne porte ce nom').waitFor();
  assert.equal(new URL(page.url()).search, '');
  assert.equal(await page.getByRole('searchbox', { name: 'Chercher par nom de famille' }).inputValue(), 'zzzz');
  await assertWellBuilt(page);
  await assertAccessible(page);
});
