// Builds dist/: style sheets, scripts, fonts and pictures under names that carry their hash, each also compressed; manifest.json gives the names.
import { createHash } from "node:crypto";
import { access, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = import.meta.dirname;
const dist = path.join(here, "dist");
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const manifest = {};

const kept = new Set();

/** Writes a file whose name carries its hash, unless it is there: one that is left untouched rebuilds nothing. */
async function keep(name, bytes) {
  kept.add(name);
  const file = path.join(dist, name);
  const there = await access(file).then(() => true, () => false);
  if (there) return;
  await writeFile(`${file}.part`, await bytes());
  await rename(`${file}.part`, file);
}

/** Publishes bytes under a hashed name. */
async function publish(name, bytes, { compress = true } = {}) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const { name: stem, ext } = path.parse(name);
  const published = `${stem}.${hash}${ext}`;
  manifest[name] = published;
  await keep(published, () => bytes);
  if (!compress) return published;
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await keep(`${published}.br`, () => brotli(bytes, { params }));
  await keep(`${published}.gz`, () => gzip(bytes, { level: 9 }));
  return published;
}

const modules = (file) => path.join(here, "node_modules", file);

async function fonts() {
  for (const weight of [400, 700]) {
    const file = modules(`@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-${weight}-normal.woff2`);
    await publish(`atkinson-${weight}.woff2`, await readFile(file), { compress: false });
  }
}

async function pictures() {
  for (const file of await readdir(path.join(here, "images"))) {
    await publish(file, await readFile(path.join(here, "images", file)), { compress: file.endsWith(".svg") });
  }
}

async function minifyCss(css) {
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: ["chrome111", "firefox113", "safari16"] });
  return code;
}

/** Writes the published names of fonts and pictures into a style sheet. */
function resolveUrls(css) {
  return css.replace(/url\("?asset:([^")]+)"?\)/g, (_, name) => {
    if (!manifest[name]) throw new Error(`no asset named ${name}`);
    return `url(${manifest[name]})`;
  });
}

/** Drops the custom properties that a sheet declares and never reads. */
function dropUnread(css) {
  return css.replace(/(?<=[{;])(--[\w-]+):[^;}]*;?/g, (declaration, name) => (css.includes(`var(${name}`) ? declaration : ""));
}

async function styles() {
  for (const name of ["app", "leger"]) {
    const { css } = sass.compile(path.join(here, "theme", `${name}.scss`), { quietDeps: true });
    await publish(`${name}.css`, Buffer.from(dropUnread(await minifyCss(resolveUrls(css)))));
  }
  await publish("maplibre.css", Buffer.from(await minifyCss(await readFile(modules("maplibre-gl/dist/maplibre-gl.css"), "utf8"))));
}

async function scripts() {
  const sources = (await readdir(path.join(here, "scripts"))).filter((file) => file.endsWith(".js"));
  for (const file of sources) {
    // The script that other sites include is not a module there.
    const format = file === "integration.js" ? "iife" : "esm";
    const entryPoints = [path.join(here, "scripts", file)];
    const { outputFiles } = await esbuild.build({ entryPoints, bundle: true, minify: true, write: false, format, target: "es2022", legalComments: "none" });
    await publish(file, Buffer.from(outputFiles[0].contents));
  }
}

async function mapLibre() {
  await publish("maplibre-worker.js", await readFile(modules("maplibre-gl/dist/maplibre-gl-worker.mjs")));
}

async function licences() {
  const texts = await Promise.all(["govuk-frontend", "maplibre-gl", "@fontsource/atkinson-hyperlegible-next"].map(async (name) => {
    const { version, license, author } = JSON.parse(await readFile(modules(`${name}/package.json`), "utf8"));
    const file = (await readdir(modules(name))).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(modules(`${name}/${file}`), "utf8") : `${author?.name ?? author ?? ""}`;
    return `${name} ${version} (${license})\n\n${text}`;
  }));
  await publish("licences.txt", Buffer.from(texts.join("\n\n----\n\n")));
}

await mkdir(dist, { recursive: true });
await fonts();
await pictures();
await styles();
await mapLibre();
await scripts();
await licences();
const names = `${JSON.stringify(manifest, Object.keys(manifest).sort(), 1)}\n`;
const manifestFile = path.join(dist, "manifest.json");
if ((await readFile(manifestFile, "utf8").catch(() => "")) !== names) await writeFile(manifestFile, names);
kept.add("manifest.json");
const stale = (await readdir(dist)).filter((name) => !kept.has(name));
await Promise.all(stale.map((name) => rm(path.join(dist, name), { recursive: true })));
