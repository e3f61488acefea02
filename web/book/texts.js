/** The texts of the booking page, in the language of the page. */
import { textsFor } from "../shared/language.js";
import { en } from "./texts/en.js";
import { fr } from "./texts/fr.js";

export const t = textsFor({ en, fr });
