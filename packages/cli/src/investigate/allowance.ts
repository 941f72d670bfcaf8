import {
	type AccountId,
	type AssetId,
	addressOf,
	type ChainEvent,
	comparePositions,
	type Delegation,
	type GraphStore,
	type Hash,
	InputError,
	ledgerOf,
	type Position,
	tokenAsset,
	trustedAccountId,
} from "@clew/core";
import { parseSeed, type Seed, type TraceRequest } from "@clew/tracer";
import { type Access, mayHaveMovedMore, readWallet, type Taking } from "@clew/workers";
import { actedIn, delegationInWords } from "../acted.js";
import { whatMoved } from "../empty.js";
import { assetsNamed, showAccount, showAmount } from "../output.js";
import { mustHaveMoved } from "./must-have-moved.js";
import { readThrough, seedsOfTakings, type VictimLimits, type VictimSeeds } from "./victim.js";

/** More than any token has: what wallets write for "all of it". */
const UNBOUNDED = 1n << 128n;

/** What a transaction let somebody take from an account: of a token, or, for a contract that acts for the account, of everything. */
interface Allowance {
	readonly owner: AccountId;
	readonly spender: AccountId;
	readonly position: Position;
	/** Undefined where it is for everything. */
	readonly contract: AccountId | undefined;
	readonly words: string;
}

/**
 * For a transaction that let somebody take, by an approval, a permit, an approval for all of a collection, or a delegation (EIP-7702), what
 * those took after it from who gave it, as seeds. Undefined for any other. Throws InputError that says what it allowed where nothing is
 * known to have been taken by it, and NodeError.
 */
async function allowanceSeeds(
	store: GraphStore,
	access: Access | undefined,
	hash: Hash,
	limits: VictimLimits,
): Promise<VictimSeeds | undefined> {
	if (ledgerOf(store.info.chain) !== "accounts") return undefined;
	const allowances = await allowancesIn(store, hash);
	const found: VictimSeeds[] = [];
	const notLooked: string[] = [];
	for (const owner of new Set(allowances.map((one) => one.owner))) {
		const read = await readThrough(store, access, owner, limits);
		const wallet = await readWallet(store, owner);
		const takings = wallet.takings.filter((taking) => allowances.some((one) => one.owner === owner && isTakenBy(one, taking)));
		notLooked.push(...read.notLooked);
		if (takings.length > 0) found.push(await seedsOfTakings(store, wallet, takings, read.notLooked));
	}
	if (allowances.length === 0) return undefined;
	const words = allowances.map((one) => one.words);
	const owners = [...new Set(allowances.map(({ owner }) => showAccount(owner)))].join(", ");
	// What it moved by calls of its own comes before what others took later.
	const moved = await whatMoved(store, hash);
	const hint = `Take it back before it is used. If money was taken, give the transaction that took it, or the wallet that it was taken from: clew investigate ${owners} --victim`;
	if (found.length === 0 && mayHaveMovedMore(moved)) await mustHaveMoved(store, hash, access?.history, { words, hint });
	if (found.length === 0)
		throw new InputError(
			`transaction ${hash} moved no amount itself: ${words.join("; ")}. Nothing is known to have been taken by it${notLooked.length === 0 ? "" : `; not known: ${notLooked.join("; ")}`}`,
			{ hint },
		);
	return {
		seeds: found.flatMap(({ seeds }) => seeds),
		wallet: [`SIGNED ${words.join("; ")}`, ...found.flatMap(({ wallet }) => wallet)],
		notLooked: found.flatMap((one) => one.notLooked),
	};
}

/**
 * Follows what a request is about; of transactions that moved nothing and let somebody take, what those took instead: `allowed` is set
 * then, and `request` is the one that was followed. Throws what `run` throws, and InputError that says what a seed moved or allowed.
 */
export async function followOrSpender<T>(
	store: GraphStore,
	access: Access | undefined,
	request: TraceRequest,
	limits: VictimLimits,
	run: (request: TraceRequest) => Promise<T>,
): Promise<{ readonly allowed?: VictimSeeds | undefined; readonly request: TraceRequest; readonly report: T }> {
	try {
		return { request, report: await run(request) };
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		const { allowed, seeds } = await instead(store, access, request, limits);
		if (allowed !== undefined) {
			const other = { ...request, seeds };
			return { allowed, request: other, report: await run(other) };
		}
		for (const seed of request.seeds) if (seed.kind === "tx") await mustHaveMoved(store, seed.txHash, access?.history);
		throw error;
	}
}

/** The seeds of a request with those that only let somebody take replaced by what was taken; `allowed` is undefined where there is none. */
async function instead(
	store: GraphStore,
	access: Access | undefined,
	{ seeds, chain }: Pick<TraceRequest, "seeds" | "chain">,
	limits: VictimLimits,
): Promise<{ readonly allowed: VictimSeeds | undefined; readonly seeds: readonly Seed[] }> {
	const found: VictimSeeds[] = [];
	const others: Seed[] = [];
	for (const seed of seeds) {
		const moved = seed.kind === "tx" ? await whatMoved(store, seed.txHash).catch(() => undefined) : undefined;
		const allowed = seed.kind === "tx" && moved?.isFeeAlone ? await allowanceSeeds(store, access, seed.txHash, limits) : undefined;
		if (allowed === undefined) others.push(seed);
		else found.push(allowed);
	}
	const taken = found.flatMap((one) => one.seeds.map(({ spec }) => parseSeed(spec, chain)));
	const allowed = {
		seeds: found.flatMap((one) => one.seeds),
		wallet: found.flatMap((one) => one.wallet),
		notLooked: found.flatMap((one) => one.notLooked),
	};
	return { allowed: found.length === 0 ? undefined : allowed, seeds: [...others, ...taken] };
}

async function allowancesIn(store: GraphStore, hash: Hash): Promise<Allowance[]> {
	const { events, delegations } = await actedIn(store, hash);
	const allowed: Allowance[] = [];
	for (const event of events) {
		const approved = await approvalOf(store, event);
		if (approved !== undefined) allowed.push(approved);
	}
	return [...allowed, ...delegations.flatMap((one) => delegationAllows(one))];
}

function delegationAllows(one: Delegation): Allowance[] {
	const { account, to, effect, position } = one;
	if (to === undefined || effect === "no") return [];
	return [{ owner: account, spender: to, position, contract: undefined, words: delegationInWords(one) }];
}

async function approvalOf(
	store: GraphStore,
	{ kind, account, contract, details, position, chain }: ChainEvent,
): Promise<Allowance | undefined> {
	const { spender, amount, token } = details;
	if (kind !== "approval" || account === undefined || spender === undefined || amount === undefined || amount === "0") return undefined;
	const of = token === undefined ? contract : trustedAccountId(chain, token);
	const to = trustedAccountId(chain, spender);
	const asset = tokenAsset(chain, addressOf(of));
	const named = await assetsNamed(store, [asset]);
	const units = amount === "all" || BigInt(amount) >= UNBOUNDED ? undefined : BigInt(amount);
	const what =
		units === undefined ? `all of ${named[asset]?.symbol || "the token"} ${showAccount(of)}` : showAmount(units, named[asset], asset);
	return { owner: account, spender: to, position, contract: of, words: `${showAccount(account)} let ${showAccount(to)} take ${what}` };
}

const isOf = (asset: AssetId, contract: AccountId): boolean => asset.endsWith(`:${addressOf(contract)}`);

function isTakenBy({ spender, contract, position }: Allowance, { by, transfer }: Taking): boolean {
	if (by !== spender || comparePositions(transfer.position, position) <= 0) return false;
	return contract === undefined || isOf(transfer.asset, contract);
}
