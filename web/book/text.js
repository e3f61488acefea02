/** What the page says, in its language. */
import { words } from "../shared/words.js";
import { en } from "./en.js";
import { fr } from "./fr.js";

export const t = words({ en, fr });
