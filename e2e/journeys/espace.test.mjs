// The professional space about places: answering a report, asking for a place, deciding, keeping its record. Everything works without JavaScript.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible, assertFrenchTypography, assertWellBuilt } from '../harness/accessibility.mjs';
import { signIn } from '../harness/signin.mjs';
import { BASE, resize, visit, WIDTHS } from '../harness/browser.mjs';

const [NARROW, WIDE] = WIDTHS;

/** The pages that each of these people sees, before anything happens. */
const SEEN = {
  'Nadia Belkacem': ['/espace/signalements', '/espace/doublons', '/espace/revendications', '/espace/doublons?etat=distincte'],
  'Yvonne Peyrat': ['/espace/lieux', '/espace/revendications/nouvelle', '/espace/revendications', '/espace/signalements'],
};

/** Each journey takes a place of its own, so that none waits for another, and far from those that the public pages show. */
async function places(count) {
  const answer = await fetch(`${BASE}/api/v1/lieux?departement=29`);
  return (await answer.json()).lieux.slice(0, count);
}

const [reported, ...claimed] = await places(3);

/** The page is well built, read by axe and set in French typography, narrow and wide. */
async function assertGood(page) {
  for (const width of [WIDE, NARROW]) {
    await resize(page, width);
    await assertWellBuilt(page);
    await assertAccessible(page);
  }
  await assertFrenchTypography(page);
}

describe('pages de l’espace professionnel', { concurrency: 2 }, () => {
  for (const [name, paths] of Object.entries(SEEN)) {
    for (const path of paths) {
      test(`${path} vue par ${name}`, async (t) => {
        const page = await visit(t, '/demonstration', { width: WIDE });
        await signIn(page, name, path);
        assert.equal(new URL(page.url()).pathname, path.split('?')[0]);
        await assertGood(page);
      });
    }
  }
});

for (const javascript of [true, false]) {
  const kind = javascript ? 'avec' : 'sans';

  test(`un signalement reçoit sa réponse (${kind} JavaScript)`, async (t) => {
    const said = `Le site ne répond plus (${kind} JavaScript)`;
    const page = await visit(t, `/lieux/${reported.id}/signaler?champ=site_web`, { javascript });
    await page.getByRole('textbox').fill(said);
    await page.getByRole('button', { name: 'Envoyer le signalement' }).click();
    await page.waitForURL(/merci=1$/);
    await signIn(page, 'Loïc Kerbrat', '/espace/signalements');
    await page.getByRole('row').filter({ hasText: said }).getByRole('link').click();
    await page.getByText(said).waitFor();
    if (javascript) await assertGood(page);
    await page.getByRole('radio', { name: 'Corriger la fiche' }).check();
    await page.getByLabel('Nouvelle valeur').fill(`https://${kind}.exemple.fr`);
    await page.getByLabel('Réponse').fill('Vérifié auprès du lieu');
    await page.getByRole('button', { name: 'Envoyer la réponse' }).click();
    await page.getByRole('heading', { name: 'Signalement : fiche corrigée' }).waitFor();
    if (javascript) await assertGood(page);
  });

  test(`une structure demande un lieu, l’obtient et tient sa fiche (${kind} JavaScript)`, async (t) => {
    const place = claimed[javascript ? 0 : 1];
    const yvonne = await visit(t, '/demonstration', { javascript });
    await signIn(yvonne, 'Yvonne Peyrat', `/lieux/${place.id}`);
    await yvonne.getByRole('link', { name: 'Demander à gérer ce lieu' }).click();
    if (javascript) await assertGood(yvonne);
    await yvonne.getByLabel(/Pourquoi votre structure/).fill('Nos agents y tiennent une permanence');
    await yvonne.getByRole('button', { name: 'Envoyer la demande' }).click();
    await yvonne.waitForURL(/\/espace\/revendications\/[0-9a-f-]{36}$/);
    if (javascript) await assertGood(yvonne);

    const loic = await visit(t, '/demonstration', { javascript });
    await signIn(loic, 'Loïc Kerbrat', new URL(yvonne.url()).pathname);
    await loic.getByRole('link', { name: 'Décider' }).click();
    if (javascript) await assertGood(loic);
    await loic.getByRole('radio', { name: 'Accorder' }).check();
    await loic.getByRole('button', { name: 'Enregistrer la décision' }).click();
    await loic.getByText('Accordées').first().waitFor();

    await yvonne.goto(`${BASE}/espace/lieux/${place.id}/modifier`);
    if (javascript) await assertGood(yvonne);
    await yvonne.getByLabel('Horaires').fill('lundi au vendredi 9h-12h');
    await yvonne.getByRole('button', { name: 'Voir ce qui change' }).click();
    await yvonne.getByText('Du lundi au vendredi').first().waitFor();
    if (javascript) await assertGood(yvonne);
    await yvonne.getByRole('button', { name: 'Continuer' }).click();
    await yvonne.waitForURL(new RegExp(`/espace/lieux/${place.id}$`));
    if (javascript) await assertGood(yvonne);
    await yvonne.getByRole('button', { name: 'Défaire' }).click();
    await yvonne.getByText('Personne n’a encore modifié').waitFor();
  });
}
