import {
	type AccountId,
	addressOf,
	type ChainEvent,
	comparePositions,
	defang,
	formatPosition,
	type LedgerReader,
	type Transfer,
	tokenContract,
	ZERO_ADDRESS,
} from "@clew/core";
import type { PassageSource } from "./find-passages.js";
import { movesNamed } from "./named-asset.js";
import { payoutsOf, THORCHAIN } from "./thorchain.js";
import { asksFor, isFarBelow, swapMemo } from "./thorchain-memo.js";

/** A transfer that can have brought out what went into a bridge. */
export interface Candidate {
	readonly transfer: Transfer;
	/** Why it may not be it; undefined where both sides say that it is. */
	readonly doubt: string | undefined;
	/** On whose word it is known, in words. */
	readonly word: string;
}

/** What a case holds of the far side. */
export interface FarSide {
	readonly candidates: readonly Candidate[];
	/** Whether the case holds its event, which may name a transfer that no source told. */
	readonly isLogged: boolean;
}

/** Transfers that can bring money out of a bridge. */
const PAID_OUT: ReadonlySet<Transfer["kind"]> = new Set(["native", "internal", "token", "mint"]);
/** Seconds by which the clocks of two chains may differ: a Bitcoin block may be dated two hours ahead, and no followed chain further. */
const CLOCKS_APART = 7_200;
/** Across counts deposits up to here; a larger number is made from what its depositor signed, so that it can be filled before. */
const LAST_COUNTED_DEPOSIT = 2n ** 32n - 1n;

/** Why nobody's event is believed. */
export const UNTRUSTED = "both sides match, but a contract is neither published nor labelled as a bridge";

/** Satoshi: below that THORChain takes nothing in and pays nothing out, in any version (thornode, `DustThreshold`). */
const LEAST_PAYOUT = 1_000n;

const ANYBODYS_WORD =
	"the deposit's memo names who is paid; that this is the payout, and how much, is the word of whoever paid, whom nobody labels as a vault";

/** Whose events are believed. */
export type IsGenuine = (account: AccountId) => Promise<boolean>;

/**
 * What of a case can be the far side of a crossing, by the near side's event. A contract that is believed is asked before one that nobody
 * knows, so that a copy of an event hides nothing.
 */
export async function farSideOf(source: PassageSource, event: ChainEvent, isGenuine: IsGenuine): Promise<FarSide> {
	const found = await eventsAndUpdates(source, event);
	const genuine: ChainEvent[] = [];
	for (const arrival of found.arrivals) if (await isGenuine(arrival.contract)) genuine.push(arrival);
	const candidates: Candidate[] = [];
	// Vaults on Bitcoin change and are on no list: who is paid is what the depositor's own memo says.
	if (event.protocol === THORCHAIN && "utxoTransaction" in source) candidates.push(...(await paidByVaults(source, event, isGenuine)));
	for (const arrival of genuine.length > 0 ? genuine : found.arrivals) {
		const unknown = genuine.length > 0 ? undefined : UNTRUSTED;
		candidates.push(...(await paidOut(source, event, arrival, found.updates, unknown)));
	}
	return { candidates, isLogged: found.arrivals.length > 0 };
}

/** Events of the other side with the same key that say nothing against it, and whom later events of the near side name instead. */
async function eventsAndUpdates(source: LedgerReader, event: ChainEvent) {
	const all = (await source.eventsByKey(event.key ?? "")).filter(({ protocol }) => protocol === event.protocol);
	const { toChain } = event.details;
	const arrivals: ChainEvent[] = [];
	for (const other of all) {
		const { fromChain } = other.details;
		if (other.kind !== "bridge-in" || (toChain ?? other.chain) !== other.chain || (fromChain ?? event.chain) !== event.chain) continue;
		if (allowsPrefill(event) || !(await isLongBefore(source, other, event))) arrivals.push(other);
	}
	const updates = all.filter(
		(other) =>
			other.kind === "bridge-out" &&
			other.chain === event.chain &&
			other.contract === event.contract &&
			other.details["depositor"] === event.details["depositor"] &&
			comparePositions(other.position, event.position) > 0,
	);
	return { arrivals, updates: new Set(updates.map(({ details }) => details["receiver"])) };
}

/** Deposits whose number their depositor makes known in advance may be paid out before they are made (Across, `unsafeDeposit`). */
function allowsPrefill({ protocol, key = "" }: ChainEvent): boolean {
	return protocol === "across" && BigInt(/^across:\d+:(\d+)$/.exec(key)?.[1] ?? 0) > LAST_COUNTED_DEPOSIT;
}

/** Where a block's time is not told, nothing is. */
async function isLongBefore(source: LedgerReader, one: Pick<ChainEvent, "chain" | "position">, other: ChainEvent): Promise<boolean> {
	const [early, late] = [await timeOf(source, one), await timeOf(source, other)];
	return early !== undefined && late !== undefined && early + CLOCKS_APART < late;
}

async function timeOf(source: LedgerReader, { chain, position }: Pick<ChainEvent, "chain" | "position">): Promise<number | undefined> {
	return (await source.header(chain, position.height))?.time;
}

/** Transfers of the transaction of an arrival that are what its event names. */
async function paidOut(
	source: LedgerReader,
	event: ChainEvent,
	arrival: ChainEvent,
	updates: ReadonlySet<string | undefined>,
	unknown: string | undefined,
): Promise<Candidate[]> {
	const { token, amount } = arrival.details;
	const contradicted = contradiction(event, arrival, updates) ?? unknown;
	const transfers = (await source.transaction(arrival.chain, arrival.txHash)).filter(
		(t) => PAID_OUT.has(t.kind) && t.to === arrival.account && t.amount.toString() === amount && movesNamed(token, t) !== false,
	);
	const memo = event.details["memo"];
	const asked = memo === undefined ? undefined : swapMemo(memo);
	return transfers
		.filter((transfer) => asked === undefined || (asksFor(asked, transfer) && !isFarBelow(asked, transfer)))
		.map((transfer) => ({
			transfer,
			doubt:
				contradicted ?? (token === undefined && !isOwn(transfer, arrival) ? "the far side's event does not name this token" : undefined),
			word: amountsWord(event, arrival),
		}));
}

/** Whose word it is how much comes out. */
function amountsWord({ details: near }: ChainEvent, { details: far }: ChainEvent): string {
	if (near["outAmount"] === undefined) return "; how much comes out is the word of the far side's contract alone";
	const isUpdated = far["outAmount"] !== undefined && far["outAmount"] !== far["amount"];
	return isUpdated ? " in the amount that the far side says an update of the deposit names" : " in the amount that the deposit names";
}

/** A token's own contract, or one that pays what it held, needs to name no token. */
function isOwn({ from, asset }: Transfer, { contract }: ChainEvent): boolean {
	return from === contract || tokenContract(asset) === contract;
}

/** What an arrival says of the deposit that the deposit does not say, in words; a side that does not tell contradicts nothing. */
function contradiction(out: ChainEvent, into: ChainEvent, updates: ReadonlySet<string | undefined>): string | undefined {
	const { details: near } = out;
	const { details: far } = into;
	const memo = near["memo"];
	const receiver = near["receiver"] ?? (memo === undefined ? undefined : swapMemo(memo)?.to);
	const paid = far["receiver"] ?? (into.account === undefined ? undefined : addressOf(into.account));
	if (differ(receiver, paid) && !updates.has(paid)) return `the deposit names ${receiver}, and ${paid} was paid`;
	if (near["outToken"] !== ZERO_ADDRESS && differ(near["outToken"], far["token"]))
		return `the deposit asks for token ${near["outToken"]}, and ${far["token"]} was paid`;
	const amount = far["outAmount"] ?? far["amount"];
	if (differ(figure(out, near["outAmount"]), figure(out, amount)))
		return `the deposit asks for ${near["outAmount"]}, and ${amount} was paid`;
	for (const [own, name] of [
		["depositor", "depositor"],
		["token", "inToken"],
		["amount", "inAmount"],
	] as const)
		if (differ(near[own], far[name])) return `the deposit's ${own} is ${near[own]}, and the far side says ${far[name]}`;
	return undefined;
}

function differ(one: string | undefined, other: string | undefined): boolean {
	return one !== undefined && other !== undefined && one !== other;
}

/** LayerZero's tokens have other decimals on each chain: their figures agree but for the zeros at the end. */
function figure({ protocol }: ChainEvent, amount: string | undefined): string | undefined {
	return protocol === "layerzero-oft" ? amount?.replace(/0+$/, "") : amount;
}

/** Payouts on Bitcoin: those of a labelled vault before those of whoever wrote the memo. */
async function paidByVaults(
	source: Extract<PassageSource, { utxoTransaction: unknown }>,
	event: ChainEvent,
	isGenuine: IsGenuine,
): Promise<Candidate[]> {
	const vaults: Candidate[] = [];
	const others: Candidate[] = [];
	for (const { transfer, payers } of await payoutsOf(source, event)) {
		if (await isLongBefore(source, transfer, event)) continue;
		let known = payers.length > 0;
		for (const payer of payers) known &&= await isGenuine(payer);
		const word = known ? "; the deposit's memo names who is paid, and how much is the word of a labelled vault" : `; ${ANYBODYS_WORD}`;
		const doubt = known || transfer.amount >= LEAST_PAYOUT ? undefined : "anybody can send so little, and THORChain pays out no such dust";
		(known ? vaults : others).push({ transfer, doubt, word });
	}
	return vaults.length > 0 ? vaults : others;
}

/** Where the near side's event says that its money goes; hostile text, made safe to show. */
export function destinationIn({ details }: ChainEvent): string {
	return defang(details["memo"] ?? `${details["toChain"]} ${details["receiver"]}`);
}

/** One movement once, whoever names it. */
export function distinct(transfers: readonly Transfer[]): Transfer[] {
	return [...new Map(transfers.map((t) => [`${t.chain} ${formatPosition(t.position)}`, t])).values()];
}
