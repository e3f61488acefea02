/** What the booking page does only where another site shows it in a frame. */

const page = /** @type {HTMLElement} */ (document.getElementById("page"));

/** Leaves out what the site around it has, and tells that site how tall the page is, so that the frame need not scroll. */
export function adaptToIframe() {
  if (window.parent === window) return;
  document.body.classList.add("embedded");
  new ResizeObserver(postHeight).observe(page);
}

/** To whoever frames the page: the number says nothing of the visitor. */
function postHeight() {
  const height = Math.ceil(page.getBoundingClientRect().bottom + window.scrollY);
  window.parent.postMessage({ type: "chairlink:height", height }, "*");
}
