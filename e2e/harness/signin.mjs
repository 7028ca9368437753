// Signing in, as people of the demonstration do: from its list, or by the message that they receive.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASE } from './browser.mjs';

/** Enters the demonstration as one of its people, then goes to a page. */
export async function signIn(page, name, path = '/compte', base = BASE) {
  await page.goto(`${base}/demonstration`);
  await page.getByRole('radio', { name: new RegExp(name) }).check();
  await page.getByRole('button', { name: 'Entrer', exact: true }).click();
  await page.waitForURL(/\/compte$/);
  if (path !== '/compte') await page.goto(base + path);
}

/** The latest message to an address, as text; the server writes messages in a folder beside its database. */
export async function message(to) {
  const folder = join(process.env.MAILLAGE_E2E_DATA, 'courriels');
  for (let tries = 0; tries < 100; tries += 1) {
    const found = list(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .filter((text) => text.includes(`To: ${to}`));
    if (found.length > 0) return decode(found.at(-1));
    await new Promise((wait) => setTimeout(wait, 100));
  }
  throw new Error('no message came');
}

function list(folder) {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.eml')).sort();
  } catch {
    return [];
  }
}

/** The text part of a message, which is quoted-printable. */
function decode(eml) {
  const soft = eml.replace(/=\r?\n/g, '');
  const bytes = soft.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
