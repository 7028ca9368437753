// bench: rates of the site as a share of a bare axum "hello", measured in the same run with the same client (wrk),
// and an authenticated page as a share of a bare axum route with one indexed SELECT; with the processor time of a request, the p99, the resident memory, and the time from start to first answer.
// MAILLAGE_BIN names the binary. BENCH_SECONDS (5) and BENCH_RUNS (5) set how long.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const binary = process.env.MAILLAGE_BIN;
const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const runs = Number(process.env.BENCH_RUNS ?? 5);
const CONNECTIONS = 8;
const folder = mkdtempSync(join(tmpdir(), 'maillage-bench-'));

// Where people ask: large and small towns, and overseas.
const TOWNS = [
  ['75056', 48.86, 2.35], ['13055', 43.3, 5.37], ['69123', 45.76, 4.83], ['31555', 43.6, 1.44], ['06088', 43.7, 7.27],
  ['44109', 47.22, -1.55], ['34172', 43.61, 3.88], ['67482', 48.57, 7.75], ['33063', 44.84, -0.58], ['59350', 50.63, 3.06],
  ['35238', 48.11, -1.68], ['51454', 49.26, 4.03], ['97411', -20.88, 55.45], ['21231', 47.32, 5.04], ['49007', 47.47, -0.55],
  ['29019', 48.39, -4.49], ['87085', 45.83, 1.26], ['63113', 45.78, 3.08], ['97105', 16.0, -61.73], ['23096', 46.17, 1.87],
  ['15014', 44.93, 2.44], ['2A004', 41.92, 8.74], ['05061', 44.56, 6.08], ['48095', 44.52, 3.5],
];

const children = new Set();
// The access log is written as in service, and kept out of the figures.
const log = openSync(join(folder, 'log'), 'a');

async function start(args, port, path = '/') {
  const begun = performance.now();
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', log] });
  children.add(child);
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')}: ended with ${child.exitCode}\n${readFileSync(join(folder, 'log'), 'utf8')}`);
    try {
      const answer = await fetch(url + path);
      await answer.arrayBuffer();
      if (answer.ok) return { child, url, ms: performance.now() - begun };
    } catch {
      // Not listening yet.
    }
    await new Promise((wait) => setTimeout(wait, 5));
  }
}

function stop({ child }) {
  return new Promise((done) => {
    child.once('exit', () => done(children.delete(child)));
    child.kill('SIGTERM');
  });
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

/** Makes a database of so many places with the demonstration, and returns its path. */
async function database(places) {
  const data = join(folder, `${places}`);
  mkdirSync(data);
  await run(binary, ['demo', '--only-create', '--data', data, '--seed', '1', '--places', `${places}`]);
  return join(data, readdirSync(data).find((name) => name.endsWith('.sqlite')));
}

async function serve(path) {
  const port = await freePort();
  return start(['serve', '--database', path, '--listen', `127.0.0.1:${port}`, '--api-per-minute', '0'], port, searches()[0]);
}

const searches = () => TOWNS.map(([, lat, lon]) => `/api/v1/lieux?lat=${lat}&lon=${lon}&rayon=20&services=aide-demarches&frais_a_charge=gratuit`);
const results = () => TOWNS.map(([code]) => `/lieux?commune=${code}`);

/** The processor time of a process, in milliseconds. */
function processorTime({ child }) {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  // utime and stime, in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Waits until what a start leaves behind, such as the files of open data, is done. */
async function rest(server) {
  for (let before = processorTime(server); ; ) {
    await new Promise((wait) => setTimeout(wait, 1000));
    const now = processorTime(server);
    if (now - before < 50) return;
    before = now;
  }
}

function memory({ child }) {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(status.match(/VmRSS:\s+(\d+)/)[1]) / 1024;
}

/** One run of wrk: requests a second, p99 in milliseconds, processor time of a request in microseconds, answers that failed. */
async function measure({ server, paths, cookie }, time) {
  const script = join(folder, 'requests.lua');
  writeFileSync(
    script,
    `${cookie ? `wrk.headers["Cookie"] = "${cookie}"\n` : ''}local paths = { ${paths.map((path) => JSON.stringify(path)).join(', ')} }
local requests, at = {}, 0
function init(args) for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path) end end
function request() at = at % #requests + 1; return requests[at] end
`,
  );
  const before = processorTime(server);
  const { stdout } = await run('wrk', ['-t', '1', '-c', `${CONNECTIONS}`, '-d', `${time}s`, '--latency', '-s', script, server.url]);
  const spent = processorTime(server) - before;
  const [, value, unit] = stdout.match(/99%\s+([\d.]+)(us|ms|s)/);
  const requests = Number(stdout.match(/(\d+) requests in/)[1]);
  return {
    rate: Number(stdout.match(/Requests\/sec:\s+([\d.]+)/)[1]),
    p99: Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit],
    cpu: (spent * 1000) / requests,
    failed: Number(stdout.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0),
  };
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

function summary(measures) {
  const of = (key) => median(measures.map((measure) => measure[key]));
  return { rate: of('rate'), p99: of('p99'), cpu: of('cpu'), failed: measures.reduce((sum, { failed }) => sum + failed, 0) };
}

async function main() {
  console.log(`${cpus().length} × ${cpus()[0].model}; wrk -t 1 -c ${CONNECTIONS}, ${runs} runs of ${seconds} s after a warm-up, the median`);
  const [large, small] = [await database(100_000), await database(20_000)];

  const cold = await serve(small);
  await stop(cold);

  const site = await serve(large);
  const found = await (await fetch(`${site.url}${searches()[0]}`)).json();
  const places = (found.lieux ?? found.resultats).map((place) => `/lieux/${place.id}`);
  await rest(site);
  const atRest = memory(site);
  const port = await freePort();
  const hello = await start(['bench-hello', '--listen', `127.0.0.1:${port}`], port);

  // The demonstration's keys stand beside its database; the session is that of its administrator.
  const { stdout: secret } = await run(binary, ['bench-comptes', '--database', large]);
  const selectPort = await freePort();
  const select = await start(['bench-select', '--database', large, '--listen', `127.0.0.1:${selectPort}`], selectPort);

  const subjects = [
    { name: 'hello (bare axum)', server: hello, paths: ['/'], floor: 1 },
    { name: 'search API, 2 filters', server: site, paths: searches(), floor: 1 / 8, p99: 10 },
    { name: 'results page', server: site, paths: results(), floor: 1 / 40 },
    { name: 'place page', server: site, paths: places, floor: 1 / 25 },
    { name: 'one SELECT (bare axum)', server: select, paths: ['/'], floor: 1 },
    { name: 'authenticated page', server: site, paths: ['/personnes'], cookie: `session=${secret.trim()}`, floor: 1 / 6, against: 'one SELECT (bare axum)' },
  ];
  for (const subject of subjects) {
    await measure(subject, 2);
    subject.measures = [];
  }
  // The subjects take turns, so that a busy moment of the machine touches all of them.
  for (let i = 0; i < runs; i += 1) {
    for (const subject of subjects) subject.measures.push(await measure(subject, seconds));
  }

  const reference = (name) => summary(subjects.find((subject) => subject.name === name).measures);
  let kept = true;
  const judge = (good) => {
    kept &&= good;
    return good ? 'ok' : 'MISSED';
  };
  console.log('\n                          requests/s            share   p99 ms   processor µs/request');
  for (const { name, measures, floor, p99, against = subjects[0].name } of subjects) {
    const s = summary(measures);
    const share = s.rate / reference(against).rate;
    const good = share >= floor && s.failed === 0 && (!p99 || s.p99 < p99);
    console.log(
      `${name.padEnd(24)} ${s.rate.toFixed(0).padStart(11)} ${`1/${(1 / share).toFixed(1)}`.padStart(16)} ${s.p99.toFixed(2).padStart(8)} ${s.cpu.toFixed(0).padStart(22)}   ` +
        `${floor < 1 ? `at least 1/${1 / floor}${p99 ? `, p99 under ${p99} ms` : ''}: ${judge(good)}` : ''}${s.failed ? ` (${s.failed} failed answers)` : ''}`,
    );
  }
  const loaded = memory(site);
  console.log(`\nresident memory, 100 000 places   ${atRest.toFixed(0)} MiB at rest, ${loaded.toFixed(0)} MiB after the load   under 300: ${judge(loaded < 300)}`);
  console.log(`start to first answer, 20 000     ${cold.ms.toFixed(0)} ms   under 2000: ${judge(cold.ms < 2000)}`);
  await Promise.all([stop(site), stop(hello), stop(select)]);
  const { stdout: links } = await run(binary, ['bench-comptes', '--database', small, '--liens', '2000']);
  console.log(`sign-in links made, one a transaction   ${links.trim()} a second`);
  const { stdout: chain } = await run(binary, ['bench-journal', '--rows', process.env.BENCH_JOURNAL_ROWS ?? '1000000']);
  console.log(`journal   ${chain.trim().replaceAll(/\s+/g, ' ')}`);
  return kept;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
