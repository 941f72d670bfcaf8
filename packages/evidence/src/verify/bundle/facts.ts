import type { KnownBalance } from "../backward/mirrored-ledgers.js";
import { isAccountId, isAsset } from "../chain-family/registry.js";
import { canonical } from "../encoding/canonical.js";
import { quoted } from "../encoding/quoted.js";
import { int, is, isRecord, list, object, text } from "../encoding/shape.js";
import { OLD_NFTS } from "../evm/family.js";
import type { Fail } from "../failure.js";
import type { Covered } from "../trace/coverage.js";
import { datesInWords } from "../trace/label-dates.js";
import { FACTS, type Files, mustBeFlat, readJson, without } from "./files.js";
import { integer, labelWords, type Manifest, type Trace } from "./formats.js";

const height = int(0);
const stored = object({ id: text(), json: text() });

export const factsShape = object({
	schema: is("clew.facts/1"),
	case: object({ id: text(), title: text(), chain: text(), createdAt: text() }),
	sources: list(object({ id: text(), kind: text(), name: text(), sha256: text(), detail: text() })),
	labels: list(
		object({
			account: text(),
			...labelWords,
			"validFrom?": text(),
			"validUntil?": text(),
		}),
	),
	contracts: list(text()),
	assets: list(object({ asset: text(), symbol: text(), decimals: int(0, 255) })),
	coverage: list(
		object({
			chain: text(),
			"account?": text(),
			fromHeight: height,
			toHeight: height,
			kinds: list(text()),
			source: text(),
			note: text(),
		}),
	),
	openings: list(object({ account: text(), asset: text(), height, amount: integer, source: text() })),
	"detections?": list(stored),
	"nfts?": list(stored),
	"unspent?": list(stored),
	"imports?": list(object({ source: text(), chains: list(text()) })),
});

interface Facts {
	readonly case: Manifest["case"];
	readonly sources: readonly { readonly id: string; readonly sha256: string }[];
	readonly labels: readonly (Omit<Trace["leaves"][number]["labels"][number], "tier"> & { readonly account: string })[];
	readonly contracts: readonly string[];
	readonly assets: readonly { readonly asset: string; readonly symbol: string; readonly decimals: number }[];
	readonly coverage: readonly Covered[];
	readonly openings: readonly (KnownBalance & { readonly source: string })[];
	/** Lists of what was seen of accounts, as JSON, by account. */
	readonly detections?: readonly { readonly id: string; readonly json: string }[];
	/** Contracts of collectibles, by asset. */
	readonly nfts?: readonly { readonly id: string }[];
	readonly imports?: readonly { readonly source: string }[];
}

/** Assets whose numbers are ids, by the word of a case and by this verifier's own list. */
export function nftsOf(stated: readonly { readonly id: string }[] = []): ReadonlySet<string> {
	return new Set([...OLD_NFTS, ...stated.map(({ id }) => id)]);
}

/** A label of which a gap says that money passed it, since it had ended, is one that the facts hold of that account. */
function checkPassed({ coverage: { gaps } }: Trace, { labels }: Facts, fail: Fail): void {
	const said = new Set(
		labels.map((label) => {
			const { account, entity, category, confidence } = label;
			return `${account} a label of ${entity} (${category}, confidence ${confidence}; ${datesInWords(label)}) stood here, `;
		}),
	);
	for (const { kind, account, text } of gaps) {
		if (kind !== "label-validity" || !text.startsWith("a label of ")) continue;
		const named = text.slice(0, text.lastIndexOf(PASSED));
		if (!said.has(`${account} ${named}`)) fail(FACTS, `${account}: does not hold the label of which trace.json says that money passed it`);
	}
}

/** How a gap goes on that names a label which did not stop money. */
const PASSED = "and did not hold any more when money came";

/**
 * An end point that rests on a detection has it in the facts: of its address, of that kind, version and score, about the same other one.
 */
function checkSeen({ leaves }: Trace, { detections = [] }: Pick<Facts, "detections">, fail: Fail): void {
	const seen = seenIn({ detections });
	for (const { account, stop } of leaves) {
		const [, kind, whose, version, score] = DETECTED.exec(stop.detail) ?? [];
		if (kind === undefined) continue;
		const found = (seen.get(account) ?? []).some(
			(one) =>
				one["kind"] === kind &&
				one["tier"] === "structural" &&
				String(one["version"]) === version &&
				String(one["score"]) === score &&
				(one["counterpart"] === undefined ? undefined : addressOf(String(one["counterpart"]))) === whose,
		);
		if (!found) fail(FACTS, `${account}: holds no detection of ${JSON.stringify(kind)} by which trace.json ends there`);
	}
}

/** Accounts and assets have the form of their own chains, so that none goes by two names. */
function checkIds({ labels, contracts, coverage, openings, assets, nfts = [], detections = [] }: Facts, fail: Fail): void {
	const accounts = [...labels, ...coverage, ...openings].flatMap(({ account }) => account ?? []);
	for (const account of new Set([...accounts, ...contracts, ...detections.map(({ id }) => id)]))
		if (!isAccountId(account)) fail(FACTS, `names ${quoted(account)}, which is no account of its chain`);
	for (const asset of new Set([...[...assets, ...openings].map(({ asset }) => asset), ...nfts.map(({ id }) => id)]))
		if (!isAsset(asset)) fail(FACTS, `names ${quoted(asset)}, which is no asset of its chain`);
}

/** What was seen of accounts, by account. */
export function seenIn({ detections = [] }: Pick<Facts, "detections">): ReadonlyMap<string, readonly Record<string, unknown>[]> {
	return new Map(detections.map(({ id, json }) => [id, listIn(json)]));
}

/** How the detail of an end point says by which detection it ends. */
const DETECTED = /^behaviour alone: ([a-z-]+)(?: of ([-0-9A-Za-z]+))? \(heuristic version ([0-9.]+), score ([0-9]+)\)/;

function addressOf(account: string): string {
	return account.slice(account.lastIndexOf(":") + 1);
}

/** The objects of a list that is kept as text; none where it is no such text. */
function listIn(json: string): Record<string, unknown>[] {
	try {
		mustBeFlat(json);
		const value: unknown = JSON.parse(json);
		return Array.isArray(value) ? value.filter(isRecord) : [];
	} catch {
		return [];
	}
}

/**
 * What the trace says of its end points, assets and sources is what the facts of the case say, from which it can be run again. The facts
 * may say more: a case goes on after a trace. Gives what they say; undefined where there are none, or none that can be read.
 */
export function checkFacts(files: Files, trace: Trace, manifest: Manifest, fail: Fail): Facts | undefined {
	if (!files.has(FACTS)) return undefined;
	const facts = readJson<Facts>(files, FACTS, factsShape, fail);
	if (facts === undefined) return undefined;
	if (canonical(facts.case) !== canonical(manifest.case)) fail(FACTS, "is of another case than manifest.json");
	checkIds(facts, fail);
	const said = new Set(facts.labels.map((label) => `${label.account} ${canonical(without(label, "account"))}`));
	for (const { account, labels } of trace.leaves)
		for (const label of labels)
			if (!said.has(`${account} ${canonical(without(label, "tier"))}`))
				fail(FACTS, `${account}: does not hold the label ${JSON.stringify(label.entity)} that trace.json gives it`);
	// Where names were taken out, a label and a sentence may have lost other words of one.
	if (manifest.redacted === undefined) checkPassed(trace, facts, fail);
	checkSeen(trace, facts, fail);
	for (const { asset, symbol, decimals } of facts.assets) {
		const traced = Object.hasOwn(trace.assets, asset) ? trace.assets[asset] : undefined;
		if (traced !== undefined && (traced.symbol !== symbol || traced.decimals !== decimals))
			fail(FACTS, `${asset}: has ${decimals} decimals and the symbol ${JSON.stringify(symbol)}, which trace.json does not say`);
	}
	const ids = new Set(facts.sources.map(({ id }) => id));
	for (const { account, source } of facts.openings)
		if (!ids.has(source)) fail(FACTS, `an opening balance of ${account} is by ${JSON.stringify(source)}, which is no source of the case`);
	for (const { source, account = "blocks" } of facts.coverage)
		if (source !== undefined && !ids.has(source))
			fail(FACTS, `says that ${account} was read by ${quoted(source)}, which is no source of it`);
	for (const { source } of facts.imports ?? [])
		if (!ids.has(source)) fail(FACTS, `says onto which chains ${JSON.stringify(source)} was imported, which is no source of the case`);
	const sources = new Map(facts.sources.map((source) => [source.id, canonical(source)]));
	for (const source of trace.coverage.sources)
		if (sources.get(source.id) !== canonical(source))
			fail(FACTS, `does not hold the source ${JSON.stringify(source.id)} as trace.json states it`);
	return facts;
}
