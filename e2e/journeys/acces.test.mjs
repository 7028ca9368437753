// A person adds a passkey to their account, signs out, and comes back with it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible, assertWellBuilt } from '../harness/accessibility.mjs';
import { addAuthenticator } from '../harness/authenticator.mjs';
import { BASE, visit, WIDTHS } from '../harness/browser.mjs';
import { assertKeyboardWalk, tabTo } from '../harness/keyboard.mjs';

// Passkeys are bound to a name: browsers refuse them on an address made of numbers.
const base = BASE.replace('127.0.0.1', 'localhost');

/** Enters the demonstration as the person of this rank, who has no passkey yet. */
async function enter(t, rank, { from = '/demonstration', ...options } = {}) {
  const page = await visit(t, from, { base, ...options });
  const authenticator = await addAuthenticator(page);
  await page.goto(`${base}/demonstration`);
  await page.getByRole('radio').nth(rank).check();
  await page.getByRole('button', { name: 'Entrer', exact: true }).click();
  await page.waitForURL(/\/compte$/);
  return { page, authenticator };
}

async function assertGood(page) {
  await assertAccessible(page);
  await assertWellBuilt(page);
}

async function addPasskey(page, name) {
  await page.goto(`${base}/compte/securite`);
  await page.getByRole('link', { name: 'Ajouter une clé d’accès' }).click();
  await page.getByRole('textbox', { name: 'Nom de la clé' }).fill(name);
  await page.getByRole('button', { name: 'Créer la clé d’accès' }).click();
  await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
}

async function signOut(page) {
  await page.goto(`${base}/compte`);
  await page.getByRole('button', { name: 'Me déconnecter' }).click();
  await page.waitForURL(/\/connexion\?sortie=1$/);
}

WIDTHS.forEach((width, rank) => {
  test(`une clé d’accès s’ajoute, connecte et se retire (${width} px)`, async (t) => {
    const { page, authenticator } = await enter(t, rank, { width });
    await page.getByRole('link', { name: 'Mes moyens de connexion' }).click();
    await assertGood(page);
    await page.getByRole('link', { name: 'Ajouter une clé d’accès' }).click();
    await page.getByRole('button', { name: 'Créer la clé d’accès' }).waitFor();
    await assertGood(page);
    await addPasskey(page, 'Mon téléphone');
    await assertGood(page);
    await page.getByRole('link', { name: 'C’est noté, continuer' }).click();

    await signOut(page);
    await assertGood(page);
    await page.getByRole('link', { name: 'Se connecter avec une clé d’accès' }).click();
    await assertGood(page);
    await authenticator.verify(false);
    await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
    await page.getByRole('status').filter({ hasText: 'Votre appareil n’a rien confirmé.' }).waitFor();
    await authenticator.verify(true);
    await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
    await page.waitForURL(/\/compte$/);
    await page.getByText('par clé d’accès').waitFor();

    await page.goto(`${base}/connexion/confirmer?suite=/compte/securite`);
    await assertGood(page);
    await page.getByRole('link', { name: 'Utiliser ma clé d’accès' }).click();
    await assertGood(page);
    await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
    await page.waitForURL(/\/compte\/securite$/);

    await page.getByRole('link', { name: 'Renommer Mon téléphone' }).click();
    await assertGood(page);
    await page.getByRole('textbox', { name: 'Nom de la clé' }).fill('Mon ancien téléphone');
    await page.getByRole('button', { name: 'Renommer' }).click();
    await assertGood(page);
    await page.getByRole('button', { name: 'Retirer Mon ancien téléphone' }).click();
    await page.waitForURL(/\/compte\/securite$/);
    assert.equal(await page.getByText('Mon ancien téléphone').count(), 0);
  });
});

test('au clavier seul, une clé d’accès connecte', async (t) => {
  const { page } = await enter(t, WIDTHS.length);
  await addPasskey(page, 'Clé du bureau');
  await signOut(page);
  await tabTo(page, 'Se connecter avec une clé d’accès');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/connexion\/cle/);
  await assertKeyboardWalk(page);
  await tabTo(page, 'Utiliser ma clé d’accès');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/compte$/);
});

test('sans JavaScript, la page dit quoi faire d’autre', async (t) => {
  const page = await visit(t, '/connexion/cle?suite=/personnes', { base, javascript: false });
  assert.ok(await page.locator('form[data-cle-acces]').isHidden());
  await page.getByText('Vous ne voyez pas de bouton').waitFor();
  await page.getByRole('link', { name: 'Recevoir plutôt un lien de connexion' }).click();
  assert.equal(await page.locator('input[name=suite]').first().inputValue(), '/personnes');
});

test('une clé d’accès que personne ne connaît se dit, et la page reste utilisable', async (t) => {
  // The page where the refusal is met is the one visited first, whose status is not a complaint.
  const { page } = await enter(t, WIDTHS.length + 1, { from: '/connexion/cle' });
  await addPasskey(page, 'Clé perdue');
  await page.goto(`${base}/compte/securite`);
  await page.getByRole('button', { name: 'Retirer Clé perdue' }).click();
  await signOut(page);
  await page.goto(`${base}/connexion/cle`);
  await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
  const summary = page.locator('.govuk-error-summary');
  await summary.filter({ hasText: 'n’est liée à aucun compte' }).waitFor();
  assert.ok(await summary.evaluate((element) => element === document.activeElement), 'the summary has the focus');
  await assertGood(page);
});
