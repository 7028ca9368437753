// Starts the demonstration and lets schemathesis mutate questions to its API, from a fixed seed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { startDemo } from './harness/server.mjs';

/** Examples for each of the ten operations. */
const EXAMPLES = process.env.MAILLAGE_ENDURANCE ? 500 : 100;

const server = await startDemo();
// Not the form that blocks: what the server says has to be read while it answers, or it waits.
const judge = spawn(
  process.env.MAILLAGE_PYTHON,
  [
    '-W', 'ignore', '-m', 'schemathesis.cli', 'run', `${server.url}/api/v1/openapi.json`,
    '--checks', 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance',
    '--max-examples', `${EXAMPLES}`, '--seed', '1', '--no-color', '--workers', '2',
  ],
  // What it remembers between runs is left out of the clone.
  { stdio: 'inherit', cwd: tmpdir() },
);
const [status] = await once(judge, 'exit');
await server.stop();
process.exitCode = status ?? 1;
