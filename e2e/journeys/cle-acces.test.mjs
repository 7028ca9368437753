// The script of passkeys, on a page of its own: the browser makes a key, uses it, and says why it cannot.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { addAuthenticator } from '../harness/authenticator.mjs';
import { theBrowser } from '../harness/browser.mjs';

const dist = new URL('../../web/dist/', import.meta.url);
const published = JSON.parse(readFileSync(new URL('manifest.json', dist)))['cle-acces.js'];
const script = readFileSync(new URL(published, dist));
const attribute = (value) => JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
// Every byte there is, so that each letter of base64url is written and read.
const challenge = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64url');
const sentences = 'data-attente="Touchez votre clé." data-abandon="Vous avez renoncé." data-connue="Cette clé est connue." data-echec="Cela a échoué."';

const creation = {
  rp: { id: 'localhost', name: 'Maillage' },
  user: { id: 'YXdh', name: 'awa.diallo@exemple.fr', displayName: 'Awa Diallo' },
  challenge,
  pubKeyCredParams: [{ type: 'public-key', alg: -8 }, { type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
  authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  excludeCredentials: [],
};
const use = { rpId: 'localhost', challenge, userVerification: 'required', allowCredentials: [] };

const pages = {};
const received = [];
const server = createServer(async (request, response) => {
  response.setHeader('content-security-policy', "default-src 'none'; script-src 'self'; form-action 'self'");
  if (request.url === '/cle-acces.js') {
    response.setHeader('content-type', 'text/javascript');
    response.end(script);
  } else if (request.method === 'POST') {
    const body = (await request.toArray()).join('');
    received.push(JSON.parse(new URLSearchParams(body).get('reponse')));
    response.end('Merci');
  } else {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(pages[request.url]);
  }
});

function form(path, kind, options) {
  pages[path] = `<!DOCTYPE html><html lang="fr"><title>Clé d’accès</title><link rel="icon" href="data:,"><script type="module" src="/cle-acces.js"></script>
    <form method="post" action="/merci" data-cle-acces="${kind}" data-options="${attribute(options)}" ${sentences} hidden>
    <input type="hidden" name="reponse"><button>Continuer</button><p role="status"></p></form>`;
}

async function newPage(t) {
  const context = await (await theBrowser()).newContext();
  t.after(() => context.close());
  return context.newPage();
}

async function send(page, path) {
  await page.goto(`http://localhost:${server.address().port}${path}`);
  await page.getByRole('button', { name: 'Continuer' }).click();
}

const said = (page, sentence) => page.getByRole('status').filter({ hasText: sentence }).waitFor();

before(() => once(server.listen(0, 'localhost'), 'listening'));
after(() => server.close());

test('une clé d’accès se crée, sert, et se reconnaît', async (t) => {
  const page = await newPage(t);
  const authenticator = await addAuthenticator(page);
  form('/creer', 'creer', creation);
  await send(page, '/creer');
  await page.waitForURL(/\/merci$/);
  form('/utiliser', 'utiliser', use);
  await send(page, '/utiliser');
  await page.waitForURL(/\/merci$/);

  const [made, used] = received.splice(0);
  assert.deepEqual(Object.keys(made.response), ['clientDataJSON', 'attestationObject', 'transports']);
  assert.deepEqual(Object.keys(used.response), ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle']);
  assert.deepEqual([used.rawId, used.id, used.type, used.response.userHandle], [made.rawId, made.rawId, 'public-key', 'YXdh']);
  for (const [answer, ceremony] of [[made, 'webauthn.create'], [used, 'webauthn.get']]) {
    const signed = JSON.parse(Buffer.from(answer.response.clientDataJSON, 'base64url'));
    assert.deepEqual([signed.type, signed.challenge], [ceremony, challenge]);
    const { transports, ...written } = answer.response;
    for (const value of Object.values(written)) assert.match(value, /^[\w-]+$/);
  }

  form('/encore', 'creer', { ...creation, excludeCredentials: [{ type: 'public-key', id: made.rawId, transports: ['internal'] }] });
  await send(page, '/encore');
  await said(page, 'Cette clé est connue.');
  await authenticator.verify(false);
  await send(page, '/utiliser');
  await said(page, 'Vous avez renoncé.');
  assert.deepEqual(received, [], 'nothing is sent without an answer');
});

test('une demande que le navigateur refuse se dit', async (t) => {
  const page = await newPage(t);
  await addAuthenticator(page);
  form('/ailleurs', 'utiliser', { ...use, rpId: 'ailleurs.example' });
  await send(page, '/ailleurs');
  await said(page, 'Cela a échoué.');
  assert.deepEqual(received, []);
});

test('sans clés d’accès dans le navigateur, le formulaire reste caché', async (t) => {
  const page = await newPage(t);
  await page.addInitScript(() => delete window.PublicKeyCredential);
  form('/creer', 'creer', creation);
  await page.goto(`http://localhost:${server.address().port}/creer`);
  await page.waitForLoadState('networkidle');
  assert.ok(await page.locator('form').isHidden());
});
