/** What the page says, in its language. */
import { textsFor } from "../shared/language.js";
import { en } from "./texts/en.js";
import { fr } from "./texts/fr.js";

export const t = textsFor({ en, fr });
