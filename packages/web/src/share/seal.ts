/// <reference lib="dom" />
import { type Failure, failureText, type VerifyReport, wording } from "@clew/evidence";
import { html, list, part, told } from "../page/dom.js";

/** Failures that are listed. */
const LISTED = 20;

interface About {
	/** True where every row of the trace is in the page. */
	readonly isWhole: boolean;
	readonly manifest: { readonly rows: { readonly root: string; readonly count: string }; readonly redacted?: string };
}

/** Says on top of the page what its check found, and what that shows and does not. */
export function saySeal(report: VerifyReport, { isWhole, manifest }: About): void {
	if (!report.ok) {
		sayFailed(failuresInWords(report), report);
		return;
	}
	const { rows, signedBy, time } = report;
	const proven = rows.filter(({ tier }) => tier === "proven").length;
	const { root, count } = manifest.rows;
	const beside = isWhole
		? [
				`All ${count} rows of the trace are here, each under the bundle's root `,
				"; its seeds, end points, labels and gaps hash to what the same manifest lists.",
			]
		: [
				`${rows.length} of the trace's ${count} rows are here, each under the bundle's root `,
				"; the others, all end points and gaps are withheld, and units of amounts are as its maker states them.",
			];
	const who =
		signedBy.length > 0
			? `Signed by key ${signedBy.join(", ")}: compare it with the key that its maker told you.`
			: "Not signed: nothing here shows who made it.";
	const when = time === undefined ? [] : [`Time stamp: ${time.at}.`];
	const chain =
		proven === 0
			? "No row carries a proof of its transaction: that they happened is the word of the sources that each row names."
			: `${proven} of ${rows.length} rows carry a proof that leads to a block header${proven < rows.length ? "; the others are the word of the sources that they name" : ""}. That this header is of the chain is shown by nothing here: compare its hash.`;
	part("seal").replaceChildren(
		html("strong", {}, `intact, ${proven} of ${rows.length} rows proven`),
		html("p", {}, beside[0] ?? "", html("code", {}, root), `${beside[1]} ${who}`, ...when.map((words) => ` ${words}`)),
		html("p", {}, `Intact means: nothing was changed since that root was made. It does not mean that the rows are true. ${chain}`),
		...(manifest.redacted === undefined ? [] : [html("p", {}, "Redacted: ", told(manifest.redacted))]),
		details(report),
	);
	show("good");
}

/** The same in red, for what does not hold. */
export function sayFailed(failures: readonly string[], report?: VerifyReport): void {
	const more = failures.length - LISTED;
	part("seal").replaceChildren(
		html("strong", {}, `NOT INTACT: ${failures[0] ?? "it could not be checked"}`),
		html("p", {}, "This file was changed after it was made, or is damaged. Do not rely on it: ask its maker for it again."),
		list(failures.slice(0, LISTED).map(told)),
		...(more > 0 ? [html("p", {}, `and ${more} more`)] : []),
		...(report === undefined ? [] : [details(report)]),
	);
	show("bad");
}

function show(kind: "good" | "bad"): void {
	part("seal").className = kind;
	part("seal").hidden = false;
}

/** Which rows fail, and then what else does. */
function failuresInWords({ rows, failures }: VerifyReport): readonly string[] {
	const bad = rows.filter(({ tier }) => tier === "failed").map(({ row, checked }) => `row ${row} fails: ${checked}; it is not drawn`);
	const isOfRow = ({ place }: Failure) => /^disclosure\.json row \d+$/.test(place);
	const others = failures.filter((one) => bad.length === 0 || !isOfRow(one)).map(failureText);
	return [...bad, ...others];
}

function details(report: VerifyReport): HTMLElement {
	return html(
		"details",
		{},
		html("summary", {}, "What was checked, and how to check it from outside"),
		html(
			"p",
			{},
			"This page checks its data with code that it carries itself: who could change the data could change the code, too. For certainty give the file to a verifier that you trust: clew verify FILE, or node verify.mjs FILE. Nothing was loaded and nothing was sent.",
		),
		html("pre", {}, wording(report, false).join("\n")),
	);
}
