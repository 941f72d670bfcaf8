import {
	type AccountId,
	type AssetId,
	type ChainId,
	comparePositions,
	formatPosition,
	type Hash,
	InputError,
	isHash,
	isWithEntryPoint,
	type Ledger,
	type LedgerReader,
	ledgerOf,
	MAX_HEIGHT,
	minAmount,
	mirrorHeight,
	nativeAsset,
	type Outpoint,
	type Position,
	parseAccountOn,
	parseHash,
	parseOutpoint,
	parsePosition,
	quote,
	type Rule,
	realPosition,
	startOf,
	type Transfer,
} from "@clew/core";
import { wrappingsIn } from "./wrapping.js";

/** What a user named as stolen. `limit` bounds the marked base units of `asset`; without it every unit counts. */
export type Seed = { readonly spec: string; readonly asset?: AssetId; readonly limit?: bigint } & (
	| { readonly kind: "account"; readonly account: AccountId; readonly since: Position }
	| { readonly kind: "tx"; readonly txHash: Hash }
	| { readonly kind: "transfer"; readonly txHash?: Hash; readonly at: number | Position }
	| { readonly kind: "outpoint"; readonly outpoint: Outpoint }
	| { readonly kind: "passage" }
	/** Backward: what an account held at the end of a block. */
	| { readonly kind: "balance"; readonly account: AccountId; readonly height: number }
);

/** Options that narrow a seed. `since` is the first height that counts, for account seeds. */
export interface SeedOptions {
	readonly since?: number;
	readonly asset?: AssetId;
	readonly amount?: bigint;
	/** Forward where it is not said. */
	readonly direction?: TraceDirection;
}

/** Which way a trace goes: to where money went, or back to where it came from. */
export type TraceDirection = "forward" | "backward";

/** The seeds that may be written, by where money lies. */
const HINTS: Readonly<Record<Ledger, string>> = {
	accounts: "Write account:ADDRESS, tx:HASH, transfer:HEIGHT.TX.EVENT or transfer:HASH:EVENT.",
	outputs: "Write outpoint:TXID:N, tx:TXID or account:ADDRESS.",
};

/**
 * Parses `account:ADDRESS`, `tx:HASH`, `transfer:HEIGHT.TX.EVENT` or `transfer:HASH:EVENT`, and on Bitcoin `outpoint:TXID:N` in place of
 * the last two. A limit without an asset is a limit on the chain's native coin. Throws InputError.
 */
export function parseSeed(spec: string, chain: ChainId, options: SeedOptions = {}): Seed {
	const at = spec.indexOf(":");
	const kind = spec.slice(0, at);
	const rest = spec.slice(at + 1);
	const asset = options.asset ?? (options.amount === undefined ? undefined : nativeAsset(chain));
	const common = { spec, ...(asset ? { asset } : {}), ...(options.amount === undefined ? {} : { limit: options.amount }) };
	if (options.since !== undefined && kind !== "account")
		throw new InputError(`${quote(spec)}: a start height goes with account seeds only`);
	if (kind === "account" && options.direction === "backward") return { ...common, kind: "balance", ...balanceOf(spec, rest, chain) };
	if (kind === "account") return { ...common, kind, account: parseAccountOn(chain, rest), since: startOf(options.since ?? 0) };
	// What stands before the stored form of a hash is no part of a seed's words, which a verifier reads.
	const withHash = (typed: string, txHash: Hash) => ({
		txHash,
		...(typed.toLowerCase() === txHash ? {} : { spec: spec.replace(typed, txHash) }),
	});
	if (kind === "tx") return { ...common, kind, ...withHash(rest, parseHash(rest, chain)) };
	const ledger = ledgerOf(chain);
	if (kind === "outpoint" && ledger === "outputs") return { ...common, kind, outpoint: parseOutpoint(rest) };
	if (kind === "transfer" && ledger === "accounts") {
		const event = /^([^:]+):([0-9]{1,5})$/.exec(rest);
		if (event?.[1] !== undefined && isHash(event[1], chain))
			return { ...common, kind, ...withHash(event[1], parseHash(event[1], chain)), at: Number(event[2]) };
		return { ...common, kind, at: parsePosition(rest) };
	}
	throw new InputError(`${quote(spec)} is not a seed`, {
		code: "USAGE",
		hint: HINTS[ledger],
	});
}

/** `ADDRESS@HEIGHT`, whose balance is asked about. Throws InputError. */
function balanceOf(spec: string, text: string, chain: ChainId): { readonly account: AccountId; readonly height: number } {
	const [, address, height] = /^([^@]+)@([0-9]{1,10})$/.exec(text) ?? [];
	if (address === undefined || height === undefined || Number(height) > MAX_HEIGHT)
		throw new InputError(`${quote(spec)} names no block: a balance is that of an account at the end of a block`, {
			code: "USAGE",
			hint: "Write account:ADDRESS@HEIGHT.",
		});
	return { account: parseAccountOn(chain, address), height: Number(height) };
}

/**
 * Taint that comes out of a bridge or a pool with a transfer: what of each rule's is marked there for an origin. `key` names the passage.
 */
export interface Arrival {
	readonly origin: number;
	readonly at: Position;
	readonly key: string;
	readonly marks: ReadonlyMap<Rule, bigint>;
	/** Least and most of it, where money was missing on its way. */
	readonly range?: readonly [least: bigint, most: bigint];
}

/** A transfer that a seed marks: up to `cap` of its clean units. */
export interface SeedMark {
	readonly origin: number;
	readonly transfer: Transfer;
	readonly cap: bigint;
	/** Set where it is the far end of a passage, which marks each rule's own amount. */
	readonly arrival?: Arrival;
}

/** What a seeded transaction leaves an account of one asset, fees included: up to `net` units are marked when it is over. */
export interface NetReceipt {
	readonly origin: number;
	readonly account: AccountId;
	readonly asset: AssetId;
	/** Above 0. */
	readonly net: bigint;
	/** What the account was paid of it in the transaction, in order; a self-transfer is none of it. */
	readonly transfers: readonly [Transfer, ...Transfer[]];
}

/** Seeds made ready for a sweep. */
export interface SeedPlan {
	readonly chain: ChainId;
	readonly seeds: readonly Seed[];
	/** Marked as they arrive, in position order. */
	readonly transfers: readonly SeedMark[];
	/** Seeded transactions in position order, each with its receipts in the order of seeds. */
	readonly transactions: readonly (readonly NetReceipt[])[];
	/** Backward: balances that are asked about, at the mirrored places before which they stand, in order. */
	readonly balances: readonly BalanceSeed[];
}

/** What an account held, of one asset or of all. */
export interface BalanceSeed {
	readonly origin: number;
	readonly account: AccountId;
	readonly asset?: AssetId;
	readonly at: Position;
}

/** Looks the seeds up in the case. Throws InputError when a seeded transaction or transfer is not in it. */
export async function planSeeds(
	source: LedgerReader,
	chain: ChainId,
	seeds: readonly Seed[],
	arrivals: readonly Arrival[] = [],
	direction: TraceDirection = "forward",
): Promise<SeedPlan> {
	const transfers: SeedMark[] = [];
	const balances: BalanceSeed[] = [];
	const transactions = new Map<Hash, NetReceipt[]>();
	for (const [origin, seed] of seeds.entries()) {
		if (seed.kind === "account" || seed.kind === "outpoint" || seed.kind === "passage") continue;
		if (seed.kind === "balance") {
			const { account, asset, height } = seed;
			balances.push({ origin, account, ...(asset === undefined ? {} : { asset }), at: startOf(mirrorHeight(height)) });
			continue;
		}
		const isWanted = (asset: AssetId) => seed.asset === undefined || seed.asset === asset;
		const nothing = (of: readonly Transfer[]) =>
			new InputError(
				`${quote(seed.spec)} moved nothing${seed.asset ? ` of ${seed.asset}` : ""}${of.some(isWithEntryPoint) ? " but what an EntryPoint was paid, or paid (ERC-4337)" : ""}`,
				{
					...(of.some(isWithEntryPoint) ? { hint: "Seed the transfer itself: transfer:HASH:EVENT." } : {}),
				},
			);
		if (seed.kind === "transfer") {
			const mark = await transferMark(source, chain, seed, origin);
			if (!isWanted(mark.transfer.asset)) throw nothing([]);
			transfers.push(mark);
			continue;
		}
		const moved = await transactionOf(source, chain, seed.txHash);
		const receipts = netReceipts(moved, origin).filter(({ asset }) => isWanted(asset));
		if (receipts.length === 0) throw nothing(moved);
		// What it paid in a transaction an account had before it: no surplus has to be waited for.
		if (direction === "backward") transfers.push(...receipts.flatMap(paymentsOf));
		else transactions.set(seed.txHash, [...(transactions.get(seed.txHash) ?? []), ...receipts]);
	}
	for (const arrival of arrivals) {
		const transfer = await source.transferAt(chain, arrival.at);
		if (transfer === undefined) throw new InputError(`there is no transfer at ${formatPosition(arrival.at)} in the case`);
		transfers.push({ origin: arrival.origin, transfer, cap: transfer.amount, arrival });
	}
	transfers.sort((a, b) => comparePositions(a.transfer.position, b.transfer.position));
	const placeOf = ([receipt]: readonly NetReceipt[]) => (receipt as NetReceipt).transfers[0].position;
	return {
		chain,
		seeds,
		transfers,
		transactions: [...transactions.values()].sort((a, b) => comparePositions(placeOf(a), placeOf(b))),
		balances: balances.sort((a, b) => comparePositions(a.at, b.at)),
	};
}

/** What a payer has less after a transaction, over its payments: of the mirrored ones the first, up to their amounts. */
function paymentsOf({ origin, net, transfers }: NetReceipt): SeedMark[] {
	let left = net;
	return transfers.map((transfer) => {
		const cap = minAmount(left, transfer.amount);
		left -= cap;
		return { origin, transfer, cap };
	});
}

async function transactionOf(source: LedgerReader, chain: ChainId, hash: Hash): Promise<readonly Transfer[]> {
	const transfers = await source.transaction(chain, hash);
	if (transfers.length === 0)
		throw new InputError(`transaction ${hash} is not in the case`, { hint: "Ingest or import the block or account it belongs to." });
	return transfers;
}

async function transferMark(
	source: LedgerReader,
	chain: ChainId,
	seed: Extract<Seed, { kind: "transfer" }>,
	origin: number,
): Promise<SeedMark> {
	const transfer = await transferOf(source, chain, seed);
	if (transfer.kind === "fee") throw new InputError(`${quote(seed.spec)} is a fee: nobody received it`);
	if (transfer.from === transfer.to)
		throw new InputError(`${quote(seed.spec)} is a transfer of an account to itself: nothing changed hands`, {
			hint: "Seed the transfer that brought the money to the account, or the account itself.",
		});
	return { origin, transfer, cap: transfer.amount };
}

/** The transfer that a seed names. Throws InputError when the case does not hold it. */
export async function transferOf(source: LedgerReader, chain: ChainId, seed: Extract<Seed, { kind: "transfer" }>): Promise<Transfer> {
	const { at } = seed;
	if (typeof at !== "number") {
		const transfer = await source.transferAt(chain, at);
		if (transfer === undefined) throw new InputError(`there is no transfer at ${formatPosition(realPosition(at))} in the case`);
		return transfer;
	}
	const transfers = await transactionOf(source, chain, seed.txHash as Hash);
	const transfer = transfers.find((t) => t.position.eventIndex === at);
	if (transfer) return transfer;
	const events = transfers.map(({ position }) => realPosition(position).eventIndex).sort((a, b) => a - b);
	throw new InputError(`${quote(seed.spec)}: the transaction has events ${events.join(", ")}`);
}

/**
 * What a transaction moved, counted once: accounts that have more of an asset because of it, the fee that they paid for it included, by
 * that surplus. Money that only passes through an account inside the transaction is none of it, nor has a contract a surplus of the coin
 * that it wraps in it, or nobody of the tokens that it burns as it unwraps. What is paid to an EntryPoint (ERC-4337) is a fee, and what one
 * pays is nobody's gain: who brought the operations gets it for gas.
 */
function netReceipts(transfers: readonly Transfer[], origin: number): NetReceipt[] {
	const net = new Map<string, bigint>();
	const paid = new Map<string, Transfer[]>();
	const wrapping = wrappingsIn(transfers).flatMap(({ account, native, token }) => [native, token].filter(({ from }) => from === account));
	for (const t of transfers) {
		if (t.amount === 0n || (t.kind !== "fee" && t.from === t.to)) continue;
		net.set(`${t.from} ${t.asset}`, (net.get(`${t.from} ${t.asset}`) ?? 0n) - t.amount);
		if (t.kind === "fee" || isWithEntryPoint(t)) continue;
		const key = `${t.to} ${t.asset}`;
		net.set(key, (net.get(key) ?? 0n) + t.amount);
		paid.set(key, [...(paid.get(key) ?? []), t]);
	}
	for (const { to, asset } of wrapping) paid.delete(`${to} ${asset}`);
	const receipts: NetReceipt[] = [];
	for (const [key, [first, ...more]] of paid) {
		const surplus = net.get(key) ?? 0n;
		if (first !== undefined && surplus > 0n)
			receipts.push({ origin, account: first.to, asset: first.asset, net: surplus, transfers: [first, ...more] });
	}
	return receipts;
}

/** True when money arriving with this transfer is marked by the account seed. */
export function seedsArrival(seed: Seed, t: Transfer): boolean {
	return (
		seed.kind === "account" &&
		t.to === seed.account &&
		t.from !== t.to &&
		t.kind !== "fee" &&
		(seed.asset === undefined || seed.asset === t.asset) &&
		comparePositions(t.position, seed.since) >= 0
	);
}
