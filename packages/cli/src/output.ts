import {
	type AccountId,
	type AssetId,
	type AssetInfo,
	assetChain,
	BITCOIN,
	type CaseCounts,
	coinOf,
	datesInWords,
	defang,
	displayAddress,
	formatAmount,
	type GraphStore,
	type Label,
	type LabelStandingOver,
	type Naming,
	namesInWords,
	namingOf,
	publishedToken,
	shownSymbol,
	standingAt,
	type Validity,
	wrappedCoin,
} from "@clew/core";

/**
 * An amount with its symbol, safe to show, as {@link shownSymbol} has it among the `assets` of the same output; with its asset where nobody
 * gave it a symbol. Unknown decimals: base units.
 */
export function showAmount(
	amount: bigint,
	info: Pick<AssetInfo, "decimals" | "symbol"> | undefined,
	asset: AssetId,
	assets?: Readonly<Record<string, Pick<AssetInfo, "symbol">>>,
): string {
	if (info === undefined || (info.symbol === "" && info.decimals === 0)) return `${amount} units of ${defang(asset)}`;
	return `${formatAmount(amount, info.decimals)} ${shownSymbol(asset, info.symbol, assets) || `of ${defang(asset)}`}`;
}

/** What a case knows of these assets, by id, else what their makers publish; one that nobody described is not there. */
export async function assetsNamed(
	store: Pick<GraphStore, "asset">,
	assets: readonly AssetId[],
): Promise<Readonly<Record<string, AssetInfo>>> {
	const named: Record<string, AssetInfo> = {};
	for (const asset of new Set(assets)) {
		const info = (await store.asset(asset)) ?? publishedInfo(asset);
		if (info !== undefined) named[asset] = info;
	}
	return named;
}

/** What is published of a token that a case holds without a description; a wrapped coin is counted as the coin that it wraps. */
export function publishedInfo(asset: AssetId): AssetInfo | undefined {
	const published = publishedToken(asset);
	if (published !== undefined) return { asset, ...published };
	const chain = assetChain(asset);
	if (wrappedCoin(chain)?.asset !== asset) return undefined;
	const { symbol, decimals } = coinOf(chain);
	return { asset, symbol: `W${symbol}`, decimals };
}

/**
 * The entity of the strongest label that held, and those of labels that contradict it, else of one that did not, with its dates; empty
 * without labels.
 */
export function showEntity<T extends { readonly category: string; readonly entity: string } & Validity>(
	labels: readonly T[],
	standingOf: (label: T) => LabelStandingOver,
): string {
	return showNaming(namingOf(labels, standingOf), labels);
}

/** The same where by which of the labels a subject is called was found in another way. */
export function showNaming<T extends { readonly category: string; readonly entity: string } & Validity>(
	found: Naming<T> | undefined,
	labels: readonly T[],
): string {
	const label = found?.label ?? labels[0];
	if (label === undefined) return "";
	const names = defang(namesInWords(label, found?.against ?? []));
	return found?.standing === "held" ? names : `${names} (${datesInWords(label)})`;
}

/** The same at a time in Unix seconds; undefined: nobody knows when. */
export function showEntityAt(labels: readonly Label[], time: number | undefined): string {
	return showEntity(labels, (label) => standingAt(label, time));
}

/** One line about a label, safe to show; `now` in Unix seconds. */
export function showLabel(label: Label, now: number | undefined): string {
	const { entity, name, category, source, confidence, retrievedAt } = label;
	const of = retrievedAt === "" ? "of no known date" : `of ${defang(retrievedAt)}`;
	const dates = datesInWords(label, now);
	return `label: ${defang(entity)} (${defang(name)}), ${category}, source ${defang(source)} ${of}, confidence ${confidence}${dates === "" ? "" : `, ${dates}`}`;
}

/** The address, or `nobody` where a chain has no address for what new coins come from and unspendable ones go to. */
export const showAccount = (account: string): string =>
	account.endsWith(`:${BITCOIN.nobody}`) ? "nobody" : displayAddress(account as AccountId);

/** JSON for people and programs: indented, bigint as string. */
export function json(value: unknown): string {
	const text = JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? v.toString() : v), 2);
	return text?.replace(UNSEEN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What a terminal may obey, or shows in another order or not at all; JSON itself escapes but the first 32 characters. */
const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

const PIECE = 1 << 20;

/**
 * The same in pieces of whole lines, so that a long value is never one string: entries of lists that stand in it directly come one by
 * one.
 */
export function* jsonPieces(value: unknown): Generator<string> {
	let piece = "";
	for (const line of jsonLines(value, { depth: 2, pad: "", lead: "", tail: "" })) {
		piece += `${line}\n`;
		if (piece.length < PIECE) continue;
		yield piece;
		piece = "";
	}
	if (piece !== "") yield piece;
}

type Place = Readonly<Record<"pad" | "lead" | "tail", string>> & { readonly depth: number };

function* jsonLines(value: unknown, { depth, pad, lead, tail }: Place): Generator<string> {
	const isList = Array.isArray(value);
	const entries =
		typeof value !== "object" || value === null || depth === 0 ? [] : Object.entries(value).filter(([, entry]) => entry !== undefined);
	if (entries.length === 0) {
		yield `${pad}${lead}${json(value).replaceAll("\n", `\n${pad}`)}${tail}`;
		return;
	}
	yield `${pad}${lead}${isList ? "[" : "{"}`;
	for (const [i, [key, entry]] of entries.entries())
		yield* jsonLines(entry, {
			depth: depth - 1,
			pad: `${pad}  `,
			lead: isList ? "" : `${JSON.stringify(key)}: `,
			tail: i === entries.length - 1 ? "" : ",",
		});
	yield `${pad}${isList ? "]" : "}"}${tail}`;
}

/** How much moved, in the words of the case's chain. */
export function moved({ transfers, outputs }: CaseCounts): string {
	return outputs > 0 ? `${outputs} outputs` : `${transfers} transfers`;
}

/** What stands in the place of a balance of an account that is no place. */
export const NO_BALANCE = "no balance: fees, burned coins and what nobody can spend are booked here, which is no place that holds them";

/** What stands in the place of an account's coverage where nothing of its own was read. */
export const NOT_FETCHED = "coverage: its own history was not fetched; below is only what others' histories show";
