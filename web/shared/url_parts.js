/**
 * Decodes a part of a URL. One with a malformed percent-encoding stays as it is: it finds nothing, and the page says so.
 *
 * @param {string} text
 */
export function decodeUrlPart(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
