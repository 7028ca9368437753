// Takes the pictures of the README into docs/screenshots. Small: a palette of colours is enough for flat pages (pngquant, when present).
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startDemo } from './harness/server.mjs';
import { chromium } from 'playwright-core';
import { FLAGS } from './harness/flags.mjs';
import { aPlace, COMMUNE } from './journeys/pages.mjs';

const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
mkdirSync(folder, { recursive: true });

const server = await startDemo();
const browser = await chromium.launch({ executablePath: process.env.MAILLAGE_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
try {
  const place = await aPlace(server.url);
  const pictures = [
    ['accueil', '/', 1280, 'light'],
    ['resultats', `/lieux?commune=${COMMUNE}`, 1280, 'light'],
    ['fiche-telephone', `/lieux/${place.id}`, 360, 'light'],
    ['resultats-sombre', `/lieux?commune=${COMMUNE}`, 1280, 'dark'],
  ];
  for (const [name, path, width, colorScheme] of pictures) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
    const page = await context.newPage();
    await page.goto(server.url + path, { waitUntil: 'networkidle' });
    const file = `${folder}${name}.png`;
    await page.screenshot({ path: file });
    spawnSync('pngquant', ['--force', '--skip-if-larger', '--quality', '60-90', '--output', file, file]);
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
