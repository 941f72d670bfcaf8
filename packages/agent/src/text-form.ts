/** What of a text is not plain: as it was found, and what to do. */
export interface NotPlain {
	readonly found: string;
	readonly hint: string;
}

/** Signs that plain sentences are made of. Brackets stand in citations alone, which are gone already. */
const STRANGE = /[^\p{L}0-9 \n\t.,;:!?'"‘’“”()\-–—/%&#$€£¥₿₩§_]/u;
/** What of those signs is markup, an entity or the beginning of an address of a page, where it stands. */
const MISPLACED: readonly RegExp[] = [
	/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u,
	/(?<![\p{L}\p{N}])\/|\/(?![\p{L}\p{N}])/u,
	/&(?! )|(?<! )&/,
	/(?<!^ {0,3}|^ {0,3}#+)#|#(?![# ])/m,
	/[$€£¥₿₩](?! ?\d)/,
	// Digits with a sign between them that no number, date or time has.
	/\d['"‘’“”!?;#&()$€£¥₿₩§%_–—]+\d/u,
	/\p{L}['"‘’“”]\p{N}|\p{N}['"‘’“”]\p{L}/u,
];
/** Words of addresses of pages that are written apart. */
const PAGE_WORDS = /(?<![\p{L}\p{N}])(?:dot|punkt|punto|ponto|slash|colon|com|org|io|xyz|www|https?|hxxps?|html?|onion)(?![\p{L}\p{N}])/iu;
const AROUND = 12;

/**
 * What keeps a text, without its citations, from being plain: any markup (links, images, emphasis, code, tables, HTML, entities), any sign
 * that plain sentences do without, digits split by signs, addresses of pages in words. Nothing is taken out: whoever wrote it does.
 */
export function notPlain(text: string): NotPlain[] {
	const found: NotPlain[] = [];
	for (const form of [STRANGE, ...MISPLACED]) {
		const at = form.exec(text)?.index;
		if (at !== undefined)
			found.push({
				found: text.slice(Math.max(0, at - AROUND), at + AROUND).trim(),
				hint: "An answer is plain text: letters, digits, ordinary punctuation and citations; no markup, table, link, entity or split number.",
			});
	}
	const page = PAGE_WORDS.exec(text)?.[0];
	if (page !== undefined) found.push({ found: page, hint: "An answer names no page, in whatever way it is written." });
	return found;
}
