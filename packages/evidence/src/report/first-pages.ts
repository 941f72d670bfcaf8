import { goesForward, type Rule } from "@clew/core";
import type { Section } from "../document/model.js";
import { firstPage } from "./first-page.js";
import { REPORT_MESSAGES } from "./languages.js";
import { backward } from "./messages/backward.js";
import type { ReportInput } from "./shared.js";

/** The first page in the language that was asked for, and always in English, which holds. */
export function firstPages(input: ReportInput, rule: Rule): Section[] {
	if (!goesForward(input.result)) return [firstPage(input, rule, backward)];
	const { language = "en" } = input.paper ?? {};
	const english = firstPage(input, rule, REPORT_MESSAGES.en);
	return language === "en" ? [english] : [firstPage(input, rule, REPORT_MESSAGES[language], language), english];
}
