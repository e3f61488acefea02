/** What the page says, in its language. */
import { words } from "../shared/language.js";
import { en } from "./texts/en.js";
import { fr } from "./texts/fr.js";

export const t = words({ en, fr });
