/** `node --test web/tests/` runs this file: Node opens a folder by its index. It runs every test in one process. */
import { readdirSync } from "node:fs";

const here = new URL(".", import.meta.url);
const files = readdirSync(here, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.js"));
for (const name of files.sort()) await import(new URL(name, here).href);
