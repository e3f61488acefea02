/**
 * Bundles each library that the pages import into one ES module under vendor/. Writes the licences of what the bundles
 * contain, and the API's types, beside them. Our own code is served unbundled; see docs/adr/0016.
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import openapi, { astToString } from "openapi-typescript";

const here = new URL(".", import.meta.url);
const vendor = new URL("vendor/", here);

/** The imported packages, by the file name that the import map, or the page itself, gives each. */
const modules = {
  preact: "preact",
  "preact-hooks": "preact/hooks",
  signals: "@preact/signals",
  "htm-preact": "htm/preact",
  "openapi-fetch": "openapi-fetch",
  "event-calendar": "@event-calendar/core",
  chart: "chart.js/auto",
  "api-reference": "@scalar/api-reference",
};

const styles = {
  "event-calendar-style": "@event-calendar/core/index.css",
  "api-reference-style": "@scalar/api-reference/style.css",
};

await rm(vendor, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: here.pathname,
  entryPoints: { ...modules, ...styles },
  outdir: vendor.pathname,
  bundle: true,
  splitting: true, // so that everything shares one Preact
  minify: true,
  format: "esm",
  target: "es2022",
  chunkNames: "shared-[hash]",
  define: {
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  metafile: true,
  logLevel: "warning",
});

await writeFile(new URL("licenses.txt", vendor), (await Promise.all(packageFolders(metafile).map(license))).join("\n"));

const document = JSON.parse(await readFile(new URL("../docs/openapi.json", here), "utf8"));
await writeFile(new URL("api.d.ts", vendor), astToString(await openapi(document, { defaultNonNullable: false })));

/**
 * The folders of all packages that are part of the bundles, sorted.
 * @param {import("esbuild").Metafile} metafile
 */
function packageFolders({ inputs }) {
  const folders = Object.keys(inputs).map((path) => path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/**
 * Name, version and licence of a package, with the texts that it comes with.
 * @param {string} folder
 */
async function license(folder) {
  const root = new URL(`${folder}/`, here);
  const { name, version, license: id, author, repository } = JSON.parse(await readFile(new URL("package.json", root), "utf8"));
  const texts = (await readdir(root)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const origin = [author?.name ?? author, repository?.url ?? repository].filter(Boolean).join(", ");
  const parts = texts.map((file) => readFile(new URL(file, root), "utf8"));
  return [`${"=".repeat(80)}\n${name} ${version}: ${id} (${origin})\n`, ...(await Promise.all(parts))].join("\n");
}
