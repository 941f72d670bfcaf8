import { de } from "./messages/de.js";
import { en, type Messages } from "./messages/en.js";
import { es } from "./messages/es.js";
import { fr } from "./messages/fr.js";
import { ja } from "./messages/ja.js";
import { ko } from "./messages/ko.js";
import { pt } from "./messages/pt.js";
import { ru } from "./messages/ru.js";
import { zh } from "./messages/zh.js";

/** Words of the first page by language, ISO 639-1. All but English are drafts that say so. */
export const REPORT_MESSAGES = { en, de, es, pt, fr, zh, ko, ja, ru } as const satisfies Record<string, Messages>;
export type ReportLanguage = keyof typeof REPORT_MESSAGES;
export const REPORT_LANGUAGES = Object.keys(REPORT_MESSAGES) as readonly ReportLanguage[];
