import {
	type AccountId,
	type AccountOutput,
	type AssetId,
	chainOf,
	type Detection,
	datesInWords,
	defang,
	defangLong,
	displayAddress,
	endOf,
	FIRST_OUTPUT,
	formatPosition,
	type GraphStore,
	isNoPlace,
	isoTime,
	isTransactionNode,
	type Label,
	ledgerOf,
	MAX_EVENT_INDEX,
	MAX_HEIGHT,
	MAX_TX_INDEX,
	nativeAsset,
	parseAccountOn,
	parsePosition,
	type TraceResult,
	type Transfer,
} from "@clew/core";
import type { AccountView, LedgerRow } from "./model.js";
import { amountText, inWords } from "./money.js";
import type { Accounts } from "./units.js";

/** Lines of a ledger that a page has. */
const PAGE = 50;
const END_OF_TIME = { height: MAX_HEIGHT, txIndex: MAX_TX_INDEX, eventIndex: MAX_EVENT_INDEX };
/** Balances, and labels, that are listed. */
const LISTED = 50;

/**
 * What a trace and the case know of an account, with a page of its ledger from `cursor` on (position order). The case is read as it is now:
 * it may hold more than when the trace was run. Throws InputError for what is no account of the trace's chain.
 */
export async function accountView(store: GraphStore, accounts: Accounts, id: string, cursor: string | undefined): Promise<AccountView> {
	const { result } = accounts;
	const chain = result.chain as Parameters<typeof ledgerOf>[0];
	const account = accounts.named.has(id) ? (id as AccountId) : parseAccountOn(chain, id);
	const known = fromTrace(accounts, account);
	if (isTransactionNode(account)) return { ...known, labels: [], detections: [], coverage: [], balances: [], ledger: [], next: null };
	const profile = await store.profile(account, 1);
	const outputs = ledgerOf(chain) === "outputs";
	const balances = outputs || isNoPlace(account) ? [] : await store.balancesBefore(account, END_OF_TIME);
	const assets = await named(
		store,
		result.assets,
		balances.map(({ asset }) => asset),
	);
	const { ledger, next } = outputs
		? await outputLedger(store, account, result, cursor)
		: await transferLedger(store, account, result, cursor);
	return {
		...known,
		labels: profile.labels.slice(0, LISTED).map(labelInWords),
		detections: (profile.detections ?? []).map((one: Detection) => ({
			what: `${one.kind} (${one.tier}, ${one.heuristic} version ${one.version}, score ${one.score})`,
			reasons: one.reasons.map(defangLong),
		})),
		coverage: profile.coverage.map(
			({ kinds, fromHeight, toHeight, source, note, account: of }) =>
				`${of === undefined ? "every account" : "this account"}: ${kinds.join(", ")}, blocks ${fromHeight} to ${toHeight}, ${defang(source)}${note === "" ? "" : ` (${defang(note)})`}`,
		),
		balances: outputs
			? [NOT_ADDED_UP]
			: balances
					.filter(({ amount, shortfall }) => amount > 0n || shortfall > 0n)
					.slice(0, LISTED)
					.map(({ asset, amount, shortfall }) => {
						const lack = shortfall === 0n ? "" : `; it paid out ${inWords(assets, asset, shortfall)} more than the data shows it received`;
						return `${inWords(assets, asset, amount)}${lack}`;
					}),
		ledger,
		next,
	};
}

/** What the trace itself says of an account. */
export function fromTrace({ result, leaves }: Accounts, account: AccountId): Pick<AccountView, "id" | "address" | "ends" | "gaps"> {
	return {
		id: account,
		address: defang(displayAddress(account)),
		ends: (leaves.get(account) ?? []).flatMap((place) => {
			const leaf = result.leaves[place];
			if (leaf === undefined) return [];
			return Object.entries(leaf.amounts).map(([asset, amounts]) => ({
				reason: leaf.stop.reason,
				detail: defangLong(leaf.stop.detail),
				asset: inWords(result.assets, asset, 0n).replace(/^0 /, ""),
				agreed: inWords(result.assets, asset, BigInt(leaf.agreed)),
				range: [amountText(result.assets, asset, BigInt(leaf.range[0])), amountText(result.assets, asset, BigInt(leaf.range[1]))] as const,
				byRule: result.rules.map((rule) => ({ rule, amount: inWords(result.assets, asset, BigInt(amounts[rule] ?? "0")) })),
			}));
		}),
		gaps: result.coverage.gaps.filter((gap) => gap.account === account).map(({ kind, text }) => ({ kind, text: defangLong(text) })),
	};
}

/** Who says what of an account, with where it is from: nobody's word without its source. */
export function labelInWords({ entity, name, category, source, retrievedAt, confidence, ...dates }: Label): string {
	const when = retrievedAt === "" ? "of no known date" : `of ${defang(retrievedAt)}`;
	const valid = datesInWords(dates);
	return `${defang(entity)} (${defang(name)}), ${category}, by ${defang(source)} ${when}, confidence ${confidence}${valid === "" ? "" : `, ${valid}`}`;
}

async function named(store: GraphStore, known: TraceResult["assets"], assets: readonly string[]): Promise<TraceResult["assets"]> {
	const all: Record<string, { symbol: string; decimals: number }> = { ...known };
	for (const asset of new Set(assets)) {
		if (asset in all) continue;
		const info = await store.asset(asset as AssetId);
		if (info !== undefined) all[asset] = { symbol: info.symbol, decimals: info.decimals };
	}
	return all;
}

/** Of an address of outputs. */
const NOT_ADDED_UP = "not added up here: its outputs are below, each with whether the data shows it spent";

type Ledger = Pick<AccountView, "ledger" | "next">;

async function transferLedger(store: GraphStore, account: AccountId, result: TraceResult, cursor: string | undefined): Promise<Ledger> {
	const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor: parsePosition(cursor) }) };
	const { transfers, next } = await store.transfersOf(account, query);
	const assets = await named(
		store,
		result.assets,
		transfers.map(({ asset }) => asset),
	);
	const traced = new Set(result.edges.map(({ position }) => position));
	const times = await timesOf(
		store,
		account,
		transfers.map(({ position }) => position.height),
	);
	const ledger = transfers.map((t: Transfer): LedgerRow => {
		const position = formatPosition(t.position);
		return {
			position,
			time: times.get(t.position.height) ?? "",
			kind: t.kind,
			direction: t.from === t.to ? "self" : t.from === account ? "out" : "in",
			other: defang(displayAddress(t.from === account ? t.to : t.from)),
			amount: inWords(assets, t.asset, t.amount),
			provenance: t.provenance,
			hash: defang(t.txHash),
			traced: traced.has(position),
		};
	});
	return { ledger, next: next === undefined ? null : formatPosition(next) };
}

/** The outputs that pay an address, each with whether the data shows it spent. */
async function outputLedger(store: GraphStore, account: AccountId, result: TraceResult, cursor: string | undefined): Promise<Ledger> {
	const chain = chainOf(account);
	const at = cursor === undefined ? undefined : parsePosition(cursor);
	const from = at === undefined ? FIRST_OUTPUT : { height: at.height, txIndex: at.txIndex, index: at.eventIndex };
	const page: readonly AccountOutput[] = await store.outputsOf(account, from, PAGE);
	const txids = await store.txids(
		chain,
		page.map(({ place }) => place),
	);
	const times = await timesOf(
		store,
		account,
		page.map(({ place }) => place.height),
	);
	const tierOf = new Map(result.edges.map(({ outpoint, provenance }) => [outpoint, provenance]));
	const coin = nativeAsset(chain);
	const assets = await named(store, result.assets, [coin]);
	const ledger = page.map(({ place, value, spender }, i): LedgerRow => {
		const outpoint = `${txids[i]}:${place.index}`;
		return {
			position: `${place.height}.${place.txIndex}.${place.index}`,
			time: times.get(place.height) ?? "",
			kind: "output",
			direction: spender === undefined ? "unspent" : "spent",
			other: "",
			amount: inWords(assets, coin, value),
			provenance: tierOf.get(outpoint) ?? "",
			hash: outpoint,
			traced: tierOf.has(outpoint),
		};
	});
	const last = page[page.length - 1];
	if (last === undefined || page.length < PAGE) return { ledger, next: null };
	return { ledger, next: formatPosition(endOf({ height: last.place.height, txIndex: last.place.txIndex, eventIndex: last.place.index })) };
}

async function timesOf(store: GraphStore, account: AccountId, heights: readonly number[]): Promise<ReadonlyMap<number, string>> {
	const times = new Map<number, string>();
	for (const height of new Set(heights)) {
		const time = (await store.header(chainOf(account), height))?.time;
		times.set(height, time === undefined ? "" : isoTime(time));
	}
	return times;
}
