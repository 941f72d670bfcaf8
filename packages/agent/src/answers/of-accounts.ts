import {
	type AccountId,
	type AssetId,
	addressOf,
	type Coverage,
	chainOf,
	DETECTIONS,
	FIRST_OUTPUT,
	formatPosition,
	type GraphStore,
	InputError,
	isNoPlace,
	ledgerOf,
	MAX_EVENT_INDEX,
	MAX_HEIGHT,
	MAX_TX_INDEX,
	nativeAsset,
	parseAccountOn,
	parseAssetOn,
	parseHash,
	parsePosition,
	recordsOf,
	trustedAccountId,
	type UtxoTransaction,
} from "@clew/core";
import type { Told } from "../facts.js";
import { outside } from "../outside.js";
import { type Answer, chainAsked, type Served } from "../served.js";
import type { Arguments } from "../tools.js";
import { Amounts, detectionFact, isoSeconds, labelFact, transferFacts } from "./parts.js";

const END_OF_TIME = { height: MAX_HEIGHT, txIndex: MAX_TX_INDEX, eventIndex: MAX_EVENT_INDEX };
/** Transfers that are counted of an account. */
const COUNTED = 1_000_000;
/** Ranges of coverage that one answer lists. */
const MAX_COVERAGE = 50;

/** What is known of an account. */
export async function account(served: Served, args: Arguments<"account">): Promise<Answer> {
	const { store } = served;
	const one = await accountAsked(served, args);
	const { transfers, isContract, coverage, labels } = await store.profile(one, COUNTED);
	const amounts = new Amounts(store);
	const balances: Told[] = [];
	for (const { asset, amount, shortfall } of isNoPlace(one) ? [] : await store.balancesBefore(one, END_OF_TIME))
		balances.push({
			kind: "balance",
			data: { account: one, balance: await amounts.of(amount, asset), shortfall: shortfall.toString() },
		});
	const historyFetched = coverage.length > 0;
	return {
		facts: [
			{ kind: "account", data: { account: one, address: addressOf(one), transfers, isContract, historyFetched } },
			...labels.map(labelFact),
			...balances,
			...coverage.slice(0, MAX_COVERAGE).map(coverageFact),
			...amounts.list(),
		],
		notes: [...(historyFetched ? [] : (["unfetched"] as const)), ...(coverage.length > MAX_COVERAGE ? (["more"] as const) : [])],
	};
}

function coverageFact({ chain, account: of, fromHeight, toHeight, kinds, source, note }: Coverage): Told {
	const text = note === "" ? {} : { note: outside(note) };
	return {
		kind: "coverage",
		data: {
			chain,
			...(of === undefined ? {} : { account: of }),
			fromHeight,
			toHeight,
			kinds: [...kinds],
			source: outside(source),
			...text,
		},
	};
}

async function accountAsked(served: Served, args: { readonly account: string; readonly chain?: string | undefined }): Promise<AccountId> {
	return parseAccountOn(await chainAsked(served, args.chain), args.account);
}

/** A page of an account's movements. */
export async function ledger(served: Served, args: Arguments<"ledger">): Promise<Answer> {
	const { store } = served;
	const one = await accountAsked(served, args);
	const chain = chainOf(one);
	const amounts = new Amounts(store);
	const covered = (await store.profile(one, 1)).coverage.length > 0;
	if (ledgerOf(chain) === "outputs") return outputPage(store, one, args, amounts);
	const { direction, since, until, limit, cursor } = args;
	const page = await store.transfersOf(one, {
		direction,
		limit,
		...(args.asset === undefined ? {} : { asset: parseAssetOn(chain, args.asset) }),
		...(since === undefined ? {} : { fromHeight: since }),
		...(until === undefined ? {} : { toHeight: until }),
		...(cursor === undefined ? {} : { cursor: parsePosition(cursor) }),
	});
	const facts = await transferFacts(store, page.transfers, amounts);
	return {
		facts: [...facts, ...amounts.list()],
		next: page.next && formatPosition(page.next),
		notes: covered ? [] : ["unfetched"],
	};
}

async function outputPage(store: GraphStore, one: AccountId, { limit, cursor }: Arguments<"ledger">, amounts: Amounts): Promise<Answer> {
	const from = cursor === undefined ? undefined : parsePosition(cursor);
	const start = from === undefined ? FIRST_OUTPUT : { height: from.height, txIndex: from.txIndex, index: from.eventIndex };
	const found = await store.outputsOf(one, start, limit + 1);
	const page = found.slice(0, limit);
	const ids = await store.txids(
		chainOf(one),
		page.map(({ place }) => place),
	);
	const facts: Told[] = [];
	for (const [i, { value, account: owner, scriptType, place, spender }] of page.entries()) {
		const amount = await amounts.of(value, nativeAsset(chainOf(one)));
		const outpoint = `${ids[i] ?? ""}:${place.index}`;
		facts.push({
			kind: "output",
			data: { chain: chainOf(one), outpoint, account: owner, amount, type: scriptType, spent: spender !== undefined },
		});
	}
	const next = found[limit]?.place;
	return { facts, next: next && formatPosition({ height: next.height, txIndex: next.txIndex, eventIndex: next.index }) };
}

/** A transaction's movements. */
export async function transaction(served: Served, { hash: text, chain: asked }: Arguments<"transaction">): Promise<Answer> {
	const { store } = served;
	const chain = await chainAsked(served, asked);
	const hash = parseHash(text, chain);
	const amounts = new Amounts(store);
	const place = await store.placeOf(chain, hash);
	const utxo = ledgerOf(chain) === "outputs" ? await store.utxoTransaction(chain, hash) : undefined;
	if (place === undefined && utxo === undefined)
		throw new InputError("that transaction is not in the case, which says nothing of whether it is on the chain", {
			hint: "propose_fetch asks a person to fetch it.",
		});
	const height = utxo?.height ?? place?.height ?? 0;
	const seconds = (await store.header(chain, height))?.time;
	const time = seconds === undefined ? {} : { time: isoSeconds(seconds) };
	const transfers = utxo === undefined ? await store.transaction(chain, hash) : [];
	const moved = utxo === undefined ? await transferFacts(store, transfers, amounts) : await sidesOf(store, utxo, amounts);
	const onlyFee = transfers.length > 0 && transfers.every(({ kind }) => kind === "fee");
	return {
		facts: [
			{
				kind: "transaction",
				data: { chain, txHash: hash, height, ...time, transfers: transfers.length, outputs: utxo?.outputs.length ?? 0 },
			},
			...moved,
			...amounts.list(),
		],
		notes: onlyFee ? ["fees"] : [],
	};
}

async function sidesOf(store: GraphStore, { txid, inputs, outputs }: UtxoTransaction, amounts: Amounts): Promise<Told[]> {
	const { chain } = store.info;
	const coin: AssetId = nativeAsset(chain);
	const facts: Told[] = [];
	for (const [index, { previous }] of inputs.entries())
		facts.push({
			kind: "input",
			data: {
				...{ chain, txHash: txid, index },
				...(previous === undefined ? {} : { account: previous.account, amount: await amounts.of(previous.value, coin) }),
			},
		});
	for (const [index, { value, account: owner, scriptType, spender }] of outputs.entries())
		facts.push({
			kind: "output",
			data: {
				...{ chain, outpoint: `${txid}:${index}`, account: owner, type: scriptType, spent: spender !== undefined },
				amount: await amounts.of(value, coin),
			},
		});
	return facts;
}

/** What lists call an account. */
export async function labels(served: Served, args: Arguments<"labels">): Promise<Answer> {
	const found = await served.store.labelsOf(await accountAsked(served, args));
	return { facts: found.map(labelFact), notes: found.length === 0 ? ["noLabels"] : [] };
}

/** What heuristics saw in an account, or in all of a chain. */
export async function detections(served: Served, args: Arguments<"detections">): Promise<Answer> {
	const { store } = served;
	if (args.account !== undefined) {
		const { detections: seen = [] } = await store.profile(await accountAsked(served, { ...args, account: args.account }), 1);
		return { facts: seen.flatMap(detectionFact), notes: seen.length === 0 ? ["noDetections"] : [] };
	}
	const chain = await chainAsked(served, args.chain);
	const start = args.cursor === undefined ? 0 : Number(/^\d{1,9}$/.exec(args.cursor)?.[0] ?? 0);
	const facts: Told[] = [];
	let [seen, more] = [0, false];
	for await (const { id } of recordsOf(store, DETECTIONS)) {
		if (!id.startsWith(`${chain}:`)) continue;
		if (seen++ < start) continue;
		if (seen > start + args.limit) {
			more = true;
			break;
		}
		const own = trustedAccountId(chain, id.slice(chain.length + 1));
		facts.push(...((await store.profile(own, 1)).detections ?? []).flatMap(detectionFact));
	}
	return {
		facts,
		...(more ? { next: String(start + args.limit) } : {}),
		notes: facts.length === 0 && start === 0 ? ["noDetections"] : [],
	};
}
