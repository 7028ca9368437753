// Takes the pictures of the README into docs/screenshots, from the binary that MAILLAGE_BIN names. Flat pages need few colours: pngquant keeps them small.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startDemo } from './harness/server.mjs';
import { chromium } from 'playwright-core';
import { FLAGS } from './harness/flags.mjs';
import { signIn } from './harness/signin.mjs';
import { aPlace, COMMUNE } from './journeys/pages.mjs';

const LIMIT = 150 * 1024;
const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));

const server = await startDemo();
const browser = await chromium.launch({ executablePath: process.env.MAILLAGE_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
try {
  mkdirSync(folder, { recursive: true });
  const place = await aPlace(server.url);
  await take('accueil', '/', { width: 1280 });
  await take('resultats', `/lieux?commune=${COMMUNE}`, { width: 1280 });
  await take('fiche-telephone', `/lieux/${place.id}`, { width: 360 });
  await take('personnes', '/personnes', { width: 1280, as: 'Nadia Belkacem' });
  await take('affiche', `/lieux/${place.id}/affiche`, { width: 1280, colorScheme: 'dark' });
} finally {
  await browser.close();
  await server.stop();
}

async function take(name, path, { width, colorScheme = 'light', as = null }) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const page = await context.newPage();
  if (as) {
    await signIn(page, as, path, server.url);
  } else {
    await page.goto(server.url + path, { waitUntil: 'load' });
  }
  await page.evaluate(() => document.fonts.ready);
  const file = `${folder}${name}.png`;
  await page.screenshot({ path: file });
  await context.close();
  const { error } = spawnSync('pngquant', ['--force', '--skip-if-larger', '--quality', '80-98', '--output', file, file]);
  if (error) console.warn('pngquant is absent: the pictures keep all their colours (apt-get install pngquant)');
  const { size } = statSync(file);
  console.log(`${name}.png: ${Math.ceil(size / 1024)} KiB`);
  if (size > LIMIT) throw new Error(`${file} is larger than ${LIMIT / 1024} KiB`);
}
