// The server under test: the shipped binary, with a small demonstration of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Enough places for several pages of results in a large town, few enough to start in a second. */
const PLACES = 3000;
const SEED = 1;

/** Starts `maillage demo` and waits until it answers. */
export async function startDemo(options = []) {
  const binary = process.env.MAILLAGE_BIN;
  if (!binary) throw new Error('MAILLAGE_BIN names no binary: run `make test-e2e`');
  const data = mkdtempSync(join(tmpdir(), 'maillage-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['demo', '--data', data, '--listen', `127.0.0.1:${port}`, '--seed', `${SEED}`, '--places', `${PLACES}`, ...options];
  // One address sends everything here: it is not limited.
  const env = { ...process.env, MAILLAGE_API_PER_MINUTE: '0' };
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said = (said + chunk).slice(-20_000)));

  const stop = () =>
    new Promise((done) => {
      const ended = () => {
        rmSync(data, { recursive: true, force: true });
        done();
      };
      if (child.exitCode !== null) return ended();
      child.once('exit', ended);
      child.kill('SIGTERM');
    });

  const deadline = Date.now() + 60_000;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`the demonstration did not start:\n${said}`);
    }
    await new Promise((wait) => setTimeout(wait, 100));
  }
  return { url, data, stop, said: () => said };
}

async function answers(url) {
  try {
    return (await fetch(url, { redirect: 'manual' })).status < 500;
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
