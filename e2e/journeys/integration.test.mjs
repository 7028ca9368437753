// The search inside somebody else's page: the line to copy, the frame that takes its height, the territory it keeps to.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { assertTree } from '../harness/accessibility.mjs';
import { BASE, theBrowser, visit } from '../harness/browser.mjs';

const host = createServer((_, answer) => {
  answer.setHeader('content-type', 'text/html; charset=utf-8');
  answer.end(host.page);
});

before(() => new Promise((ready) => host.listen(0, '127.0.0.1', ready)));
after(() => host.close());

/** What the page gives to copy for the Ain: the script, then the frame. */
async function snippets(t) {
  const page = await visit(t, '/integrer?departement=01', { javascript: false });
  return page.locator('pre').allInnerTexts();
}

/** Opens a page of another site that holds this; returns it and its frame. */
async function embedded(t, snippet) {
  host.page = `<!doctype html><html lang="fr"><title>Ma commune</title><h1>Ma commune</h1>${snippet}</html>`;
  const context = await (await theBrowser()).newContext({ viewport: { width: 1280, height: 800 }, locale: 'fr-FR' });
  t.after(() => context.close());
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && !message.location().url.endsWith('/favicon.ico') && complaints.push(message.text()));
  t.after(() => assert.deepEqual(complaints, []));
  await page.goto(`http://127.0.0.1:${host.address().port}/`);
  return { page, frame: page.frameLocator('iframe') };
}

for (const javascript of [true, false]) {
  test(`d’une commune tapée aux lignes à copier pour son département (${javascript ? 'avec' : 'sans'} JavaScript)`, async (t) => {
    const page = await visit(t, '/integrer', { javascript });
    assert.match((await page.locator('pre').allInnerTexts())[0], /integration\.js" defer/);
    await page.getByRole('searchbox').fill('Bourg-en-Bresse');
    await page.getByRole('searchbox').press('Enter');
    await page.waitForURL(/\/integrer\?q=/);
    await assertTree(page, ['heading "Départements" [level=3]', 'link "Ain (01)"', 'heading "Intercommunalités" [level=3]', 'heading "Communes" [level=3]', 'link "Bourg-en-Bresse']);
    await page.getByRole('link', { name: 'Ain (01)' }).click();
    await page.waitForURL(/\/integrer\?departement=01$/);
    const [script, frame] = await page.locator('pre').allInnerTexts();
    assert.match(script, /^<script src="http[^"]+\/assets\/integration\.js" data-territoire="departement:01" defer><\/script>$/);
    assert.match(frame, /^<iframe src="http[^"]+\/integration\?departement=01" title="[^"]+"/);
  });
}

test('un territoire inventé ne s’écrit pas dans la ligne à copier', async (t) => {
  const page = await visit(t, '/integrer?departement=%22%3E%3Cscript%3E');
  assert.match((await page.locator('pre').allInnerTexts())[0], /integration\.js" defer/);
});

test('le script copié montre les lieux du territoire et prend leur hauteur', async (t) => {
  const { page, frame } = await embedded(t, (await snippets(t))[0]);
  await frame.getByRole('heading', { level: 1 }).waitFor();
  assert.notEqual(await page.locator('iframe').getAttribute('title'), '');
  await page.waitForFunction(() => {
    const inner = document.querySelector('iframe');
    return inner.height > 640;
  });
  const codes = (await frame.locator('main').innerText()).match(/\b\d{5}(?= )/g);
  assert.ok(codes.length > 3);
  assert.deepEqual(codes.filter((code) => !code.startsWith('01')), []);
  assert.equal(await frame.locator('header, footer').count(), 0);
});

test('on cherche dans le cadre, et un lieu s’ouvre en pleine page', async (t) => {
  const { page, frame } = await embedded(t, (await snippets(t))[1]);
  await frame.getByRole('searchbox').fill('Bourg-en-Bresse');
  await frame.getByRole('button', { name: 'Rechercher' }).click();
  await frame.locator('[name=q][value="Bourg-en-Bresse"]').waitFor();
  assert.equal(page.url(), `http://127.0.0.1:${host.address().port}/`);
  const link = frame.locator('main ol li').first().getByRole('link').first();
  const name = (await link.innerText()).trim();
  await link.click();
  await page.waitForURL(/\/lieux\/[0-9a-f-]{36}$/);
  assert.equal((await page.locator('h1').innerText()).trim(), name);
});

test('une recherche vide dans le cadre le dit', async (t) => {
  const page = await visit(t, '/integration?departement=01&q=zzzzzz');
  await assertTree(page, ['heading "Lieux d’aide numérique" [level=1]', 'search', 'searchbox "Nom d’un lieu ou d’une commune"', 'status: Aucun lieu ne correspond', 'link "Voir tous les lieux"']);
});

test('les autres pages refusent de s’ouvrir dans le cadre d’un autre site', async () => {
  const policy = async (path) => (await fetch(BASE + path)).headers.get('content-security-policy');
  assert.match(await policy('/lieux'), /frame-ancestors 'self'/);
  assert.match(await policy('/integration'), /frame-ancestors \*/);
});
