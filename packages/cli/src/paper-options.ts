import { PAGE_SIZES, type PageSize, type PaperOptions, REPORT_LANGUAGES, type ReportLanguage } from "@clew/evidence";
import { Option } from "@commander-js/extra-typings";

export function pageOption() {
	return new Option("--page <size>", "page of the PDF; without it one that prints on both").choices(PAGE_SIZES);
}

/** The option of a report's first page, which always stands in English, too. */
export function reportLanguageOption() {
	return new Option("--lang <language>", "language of the first page, beside English; all others are machine drafts, which they say")
		.choices(REPORT_LANGUAGES)
		.default("en" as ReportLanguage);
}

export interface PaperChoices {
	readonly page?: PageSize | undefined;
	readonly zone?: string | undefined;
	readonly lang?: ReportLanguage | undefined;
}

/** What a paper is made with, where that is not the usual. */
export function paperOf({ page, zone, lang = "en" }: PaperChoices): PaperOptions | undefined {
	const paper = {
		...(page === undefined ? {} : { size: page }),
		...(zone === undefined ? {} : { zone }),
		...(lang === "en" ? {} : { language: lang }),
	};
	return Object.keys(paper).length === 0 ? undefined : paper;
}
