// Starts the demonstration on a free port with an empty folder of data, runs the journeys against it, and stops it.
// `node run.mjs [journey...]`: without a name, all of them. MAILLAGE_BIN names the binary; MAILLAGE_E2E_URL, a server already started.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startDemo } from './harness/server.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const journeys = readdirSync(`${folder}/journeys`)
  .filter((file) => file.endsWith('.test.mjs'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)))
  .map((file) => `${folder}/journeys/${file}`);

const server = process.env.MAILLAGE_E2E_URL ? { url: process.env.MAILLAGE_E2E_URL, stop() {} } : await startDemo();
const tests = spawn(process.execPath, ['--test', '--test-concurrency=2', '--test-reporter=spec', ...journeys], {
  stdio: 'inherit',
  env: { ...process.env, MAILLAGE_E2E_URL: server.url, ...(server.data && { MAILLAGE_E2E_DATA: server.data }) },
});
tests.on('exit', async (code) => {
  await server.stop();
  process.exitCode = code ?? 1;
});
