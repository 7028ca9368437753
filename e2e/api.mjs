// Starts the demonstration and lets schemathesis mutate questions to its API, from a fixed seed.
import { spawnSync } from 'node:child_process';
import { startDemo } from './harness/server.mjs';

/** Examples for each operation; some thousands of questions in all. */
const EXAMPLES = process.env.MAILLAGE_ENDURANCE ? 5000 : 600;

const server = await startDemo();
const { status } = spawnSync(
  process.env.MAILLAGE_PYTHON,
  [
    '-m', 'schemathesis.cli', 'run', `${server.url}/api/v1/openapi.json`,
    '--checks', 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance',
    '--max-examples', `${EXAMPLES}`, '--seed', '1', '--no-color', '--workers', '2',
  ],
  { stdio: 'inherit' },
);
await server.stop();
process.exitCode = status ?? 1;
