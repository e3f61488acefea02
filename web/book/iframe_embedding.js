/** What the booking page does differently when another site shows it in an iframe. */

const page = /** @type {HTMLElement} */ (document.getElementById("page"));

/**
 * Hides the practice's name and address, and reports the page's height to the parent so that the iframe need not
 * scroll.
 */
export function adaptToIframe() {
  if (window.parent === window) return;
  document.body.classList.add("embedded");
  new ResizeObserver(postHeight).observe(page);
}

/** Target "*" is safe: the height says nothing about the visitor. */
function postHeight() {
  const height = Math.ceil(page.getBoundingClientRect().bottom + window.scrollY);
  window.parent.postMessage({ type: "chairlink:height", height }, "*");
}
