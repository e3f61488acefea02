/**
 * What the modules of the pages need of a browser when they are imported: an address, a language, an API, and no more.
 * Import it first, since modules run in the order of their imports.
 */
const address = new URL("http://127.0.0.1/console/");

Object.assign(globalThis, {
  location: address,
  document: { documentElement: { lang: "" } },
  addEventListener: () => {},
  Element: class {},
  scrollTo: () => {},
  /** Node's own refuses the relative addresses that the pages use. */
  Request: class extends Request {
    /** @param {string} url @param {RequestInit} [init] */
    constructor(url, init) {
      super(new URL(url, address), init);
    }
  },
  history: {
    pushState: (/** @type {unknown} */ _, /** @type {string} */ __, /** @type {string} */ to) => goTo(to),
    replaceState: (/** @type {unknown} */ _, /** @type {string} */ __, /** @type {string} */ to) => goTo(to),
  },
});
Object.defineProperty(globalThis, "navigator", { value: { languages: ["en-CA"] }, configurable: true, writable: true });

/** @param {string} to path, search and hash of the page's address */
export function goTo(to) {
  address.href = new URL(to, address).href;
}

/**
 * Answers the pages' API calls from now on, and keeps them.
 *
 * @param {(url: URL, request: Request) => Response | Promise<Response>} answer
 * @returns {Request[]} the calls, as they come
 */
export function serve(answer) {
  /** @type {Request[]} */
  const calls = [];
  globalThis.fetch = async (request) => {
    const call = /** @type {Request} */ (request);
    calls.push(call.clone());
    return answer(new URL(call.url), call);
  };
  return calls;
}

/** @param {object} body @param {number} [status] */
export const json = (body, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
