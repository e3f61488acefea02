/**
 * Bundles each library that the pages import into one ES module under vendor/, and writes the API's types beside them.
 * Our own code is served unbundled; see docs/adr/0016.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import openapi, { astToString } from "openapi-typescript";

const here = new URL(".", import.meta.url);
const vendor = new URL("vendor/", here);

/** The imported packages, by the file name that the import map gives each. */
const modules = {
  preact: "preact",
  "preact-hooks": "preact/hooks",
  signals: "@preact/signals",
  "htm-preact": "htm/preact",
  "openapi-fetch": "openapi-fetch",
  "event-calendar": "@event-calendar/core",
  chart: "chart.js/auto",
};

await rm(vendor, { recursive: true, force: true });
await build({
  absWorkingDir: here.pathname,
  entryPoints: { ...modules, "event-calendar-style": "@event-calendar/core/index.css" },
  outdir: vendor.pathname,
  bundle: true,
  splitting: true, // so that everything shares one Preact
  minify: true,
  format: "esm",
  target: "es2022",
  chunkNames: "shared-[hash]",
  logLevel: "warning",
});

const document = JSON.parse(await readFile(new URL("../docs/openapi.json", here), "utf8"));
await writeFile(new URL("api.d.ts", vendor), astToString(await openapi(document, { defaultNonNullable: false })));
