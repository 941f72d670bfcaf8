import type { PageSize } from "../document/pdf.js";
import type { ReportLanguage } from "./languages.js";

/** How a report is made, where that is not the usual way; stands in the manifest, so that the same paper can be made again. */
export interface PaperOptions {
	/** Of the PDF; without it a page that prints on A4 and Letter alike. */
	readonly size?: PageSize;
	/** Times of the first page stand on the clock of this time zone, too (IANA). */
	readonly zone?: string;
	/** The first page stands in this language, too. */
	readonly language?: ReportLanguage;
}
