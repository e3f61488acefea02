/** What the tests use of Node.js, so that tsc checks them without @types/node. */
declare module "node:assert/strict" {
  const assert: any;
  export default assert;
}

declare module "node:fs" {
  export function readFileSync(file: URL, encoding: "utf8"): string;
  export function readdirSync(folder: URL, options: { recursive: true; encoding: "utf8" }): string[];
}

declare module "node:test" {
  type Hook = (run: () => unknown) => void;
  export function test(rule: string, run: (context: { mock: any }) => unknown): void;
  export function describe(subject: string, run: () => void): void;
  export const after: Hook, afterEach: Hook, beforeEach: Hook;
  export const mock: any;
}

declare const Buffer: any;
declare function setImmediate(run: (value: unknown) => void): void;
