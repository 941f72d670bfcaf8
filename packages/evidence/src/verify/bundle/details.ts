import { isAsset } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import type { Manifest, Trace } from "./formats.js";

/**
 * What a person stated of a case is about this trace: its exhibit under a rule that it ran, statements about seeds that it has, values of
 * assets that it has.
 */
export function checkDetails(
	{ details: { exhibitRule, statements, values } }: Manifest,
	{ rules, seeds, assets }: Trace,
	fail: Fail,
): void {
	if (exhibitRule !== undefined && !rules.includes(exhibitRule))
		fail("manifest.json", `its exhibit is under ${JSON.stringify(exhibitRule)}, a rule that the trace did not run`);
	for (const seed of Object.keys(statements ?? {}))
		if (!seeds.some(({ spec }) => spec === seed))
			fail("manifest.json", `references a statement about ${JSON.stringify(seed)}, no seed of the trace`);
	for (const asset of Object.keys(values ?? {}))
		if (!Object.hasOwn(assets, asset)) fail("manifest.json", `states a value of ${JSON.stringify(asset)}, no asset of the trace`);
}

/** Of a disclosure, which shows no trace: values are of assets of its chain. */
export function checkValues({ details: { values }, case: { chain } }: Manifest, fail: Fail): void {
	for (const asset of Object.keys(values ?? {}))
		if (!asset.startsWith(`${chain}/`) || !isAsset(asset))
			fail("manifest.json", `states a value of ${JSON.stringify(asset.slice(0, 100))}, which is no asset of ${chain}`);
}

/** Who asks, by what right, and how papers are kept: texts of people, by the names that the manifest gives them. */
const TEXTS = ["requester", "legalBasis", "jurisdiction", "handling", "retention"] as const;

/** What people stated of a case, in words: nothing shows it, whatever is proven beside it. */
export function detailsInWords(details: Manifest["details"]): string[] {
	const { exhibitRule, exhibitReason = "", statements = {}, values = {} } = details;
	const texts = TEXTS.filter((name) => (details[name] ?? "").trim() !== "");
	const [seeds, assets] = [statements, values].map((one) => Object.keys(one).length);
	return [
		...(texts.length > 0 ? [`who asks and on what basis (${texts.join(", ")})`] : []),
		...(exhibitRule === undefined && exhibitReason === "" ? [] : ["why its exhibit is under the rule that it is"]),
		...(seeds ? [`statements on which seeds rest (${seeds})`] : []),
		...(assets ? [`values of assets in money, with rates and sources (${assets})`] : []),
	];
}
