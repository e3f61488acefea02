import { goTo } from "../browser_stubs.js";
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

describe("The language of the page", () => {
  after(() => goTo("/console/"));

  let copies = 0;

  /**
   * A fresh copy of the module, loaded with this address and these languages of the browser.
   *
   * @param {string} path
   * @param {readonly string[]} languages
   * @returns {Promise<typeof import("../../shared/language.js")>}
   */
  async function load(path, languages) {
    goTo(path);
    /** @type {any} */ (navigator).languages = languages;
    return import(new URL(`../../shared/language.js?copy=${++copies}`, import.meta.url).href);
  }

  test("The language in the address counts before the browser's", async () => {
    assert.equal((await load("/book/prac_1?lang=fr", ["en-CA"])).language.value, "fr");
  });

  test("The browser's first supported language counts, without its region", async () => {
    assert.equal((await load("/book/prac_1", ["de-CH", "fr-CA", "en"])).language.value, "fr");
  });

  test("A language in the address that is not supported falls back to the browser's", async () => {
    assert.equal((await load("/book/prac_1?lang=de", ["fr"])).language.value, "fr");
  });

  test("Upper case is read as lower case", async () => {
    assert.equal((await load("/book/prac_1?lang=FR", ["en"])).language.value, "fr");
  });

  test("English is the language where nobody asks for a supported one", async () => {
    assert.equal((await load("/book/prac_1", ["de"])).language.value, "en");
  });

  test("The practice's language counts where nobody asks for a supported one", async () => {
    const { language, setDefaultLanguage } = await load("/book/prac_1", ["de"]);
    setDefaultLanguage("fr");
    assert.equal(language.value, "fr");
  });

  test("The practice's language does not replace one that was asked for", async () => {
    const { language, setDefaultLanguage } = await load("/book/prac_1", ["en"]);
    setDefaultLanguage("fr");
    assert.equal(language.value, "en");
  });

  test("The document and the texts follow the language", async () => {
    const { language, textsFor } = await load("/book/prac_1", ["en"]);
    const texts = textsFor({ en: "Close", fr: "Fermer" });
    assert.deepEqual([document.documentElement.lang, texts.value], ["en", "Close"]);
    language.value = "fr";
    assert.deepEqual([document.documentElement.lang, texts.value], ["fr", "Fermer"]);
  });
});
