import { de } from "./messages/de.js";
import { en, type Messages } from "./messages/en.js";
import { es } from "./messages/es.js";
import { fr } from "./messages/fr.js";
import { pt } from "./messages/pt.js";
import { zh } from "./messages/zh.js";

/** Words by language, ISO 639-1. All but English are drafts that say so. */
export const MESSAGES = { en, es, pt, fr, de, zh } as const satisfies Record<string, Messages>;
export type Language = keyof typeof MESSAGES;
export const LANGUAGES = Object.keys(MESSAGES) as readonly Language[];
