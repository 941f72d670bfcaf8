import { en, type Messages } from "./messages/en.js";

/** Words of the first page by language, ISO 639-1. All but English are drafts that say so. */
export const REPORT_MESSAGES = { en } as const satisfies Record<string, Messages>;
export type ReportLanguage = keyof typeof REPORT_MESSAGES;
export const REPORT_LANGUAGES = Object.keys(REPORT_MESSAGES) as readonly ReportLanguage[];
