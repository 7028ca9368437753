// What the scripts add to components: suggestions, filters that answer at once, the position, the link to copy, the large map.
import test from 'node:test';
import assert from 'node:assert/strict';
import { visit } from '../harness/browser.mjs';

const CATALOGUE = '/_composants';
const status = (page, near) => page.locator(`${near} [role=status]`);

test('les suggestions se choisissent au clavier et s’annoncent', async (t) => {
  const page = await visit(t, CATALOGUE);
  const suggestions = [{ libelle: 'Lyon', detail: 'Rhône' }, { libelle: 'Lyons-la-Forêt', detail: 'Eure', url: `${CATALOGUE}?choisi` }];
  await page.route('**/api/v1/suggestions?*', (route) => route.fulfill({ json: { suggestions } }));
  const box = page.getByRole('combobox', { name: /^Commune/ });
  const options = page.getByRole('listbox', { name: /^Commune/ }).getByRole('option');
  await box.pressSequentially('lyo');
  await options.nth(1).waitFor();
  assert.equal(await box.getAttribute('aria-expanded'), 'true');
  await status(page, '.m-recherche').filter({ hasText: '2 suggestions' }).waitFor({ state: 'attached' });
  await box.press('Escape');
  assert.equal(await box.getAttribute('aria-expanded'), 'false');
  await box.pressSequentially('n');
  await options.first().waitFor();
  await box.press('ArrowUp');
  const chosen = page.locator('[role=option][aria-selected=true]');
  assert.match(await chosen.innerText(), /^Lyons-la-Forêt/);
  assert.equal(await box.getAttribute('aria-activedescendant'), await chosen.getAttribute('id'));
  await box.press('Enter');
  await page.waitForURL('**?choisi');
});

test('un filtre remplace les résultats, change l’adresse et annonce le nombre', async (t) => {
  const page = await visit(t, CATALOGUE);
  await page.getByRole('form', { name: 'Filtrer les résultats' }).getByLabel('Familles et enfants').check();
  await page.waitForURL('**filtre-public=familles*');
  await status(page, '.m-laterale').filter({ hasText: 'résultats' }).waitFor({ state: 'attached' });
  assert.equal(await page.locator('#resultats').getAttribute('aria-busy'), null);
  await page.goBack();
  await page.waitForURL((url) => url.search === '');
});

test('la position part arrondie à un centième de degré', async (t) => {
  const page = await visit(t, CATALOGUE);
  await page.context().grantPermissions(['geolocation']);
  await page.context().setGeolocation({ latitude: 45.76342, longitude: 4.83571 });
  await page.getByRole('button', { name: 'Autour de moi' }).click();
  await page.waitForURL('**?lat=45.76&lon=4.84');
});

test('une position refusée se dit et laisse chercher autrement', async (t) => {
  const page = await visit(t, CATALOGUE);
  await page.getByRole('button', { name: 'Autour de moi' }).click();
  await status(page, '.m-autour').filter({ hasText: 'Saisissez plutôt votre commune' }).waitFor();
});

test('le lien se copie', async (t) => {
  const page = await visit(t, CATALOGUE);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copier le lien' }).click();
  await status(page, '.m-copie').filter({ hasText: 'Le lien est copié' }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^http.*\/_composants$/);
});

test('la grande carte ne se charge qu’à la demande et se dessine', async (t) => {
  const page = await visit(t, CATALOGUE);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const style = { version: 8, sources: {}, layers: [{ id: 'fond', type: 'background', paint: { 'background-color': '#dfe8e6' } }] };
  const point = (longitude, latitude) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [longitude, latitude] }, properties: { nom: 'Lieu', url: '/lieux/1' } });
  await page.route('**/_composants/tuiles.json', (route) => route.fulfill({ json: style }));
  await page.route('**/api/v1/lieux*', (route) => route.fulfill({ json: { type: 'FeatureCollection', features: [point(4.8, 45.7), point(2.3, 48.8)] } }));
  assert.deepEqual(asked.filter((path) => path.includes('maplibre')), []);
  await page.getByRole('button', { name: 'Ouvrir la grande carte' }).click();
  await page.getByRole('region', { name: 'Carte des lieux' }).waitFor();
  await page.getByRole('button', { name: 'Agrandir' }).waitFor();
  assert.ok(asked.some((path) => path.includes('maplibre-worker')));
});

test('une carte qui ne vient pas laisse la liste entière', async (t) => {
  const page = await visit(t, CATALOGUE);
  await page.route('**/api/v1/lieux*', (route) => route.fulfill({ status: 204, body: '' }));
  await page.route('**/_composants/tuiles.json', (route) => route.fulfill({ json: {} }));
  await page.getByRole('button', { name: 'Ouvrir la grande carte' }).click();
  await status(page, '.m-grande-carte').filter({ hasText: 'La liste reste complète' }).waitFor();
});

test('la couleur et la version choisies se gardent sans JavaScript', async (t) => {
  const page = await visit(t, CATALOGUE, { javascript: false });
  await page.getByRole('button', { name: 'Sombre' }).click();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'sombre');
  assert.equal(await page.getByRole('button', { name: 'Sombre' }).getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: /version texte/ }).click();
  assert.equal(await page.locator('script, svg').count(), 0);
  await page.getByRole('button', { name: 'Revenir à la version complète' }).click();
  assert.ok((await page.locator('svg').count()) > 0);
});
