import type { KindOfMovement } from "../chain-family/family.js";
import { familyOf, isAccount, isAsset, isHash, limitsOf } from "../chain-family/registry.js";
import { quoted } from "../encoding/quoted.js";
import type { Fail } from "../failure.js";
import { transactionOf } from "./positions.js";
import { isMoment } from "./times.js";

const DAY_MS = 86_400_000;
const COIN = /\/slip44:/;
/** Kinds between addresses and transactions of outputs, and the one that both sorts of chains have. */
const OF_OUTPUTS: ReadonlySet<string> = new Set(["spend", "output", "collected-fee"]);
const FEE = "fee";

interface Sum {
	readonly asset: string;
	/** Base units. */
	readonly amount: string;
}

/** A movement, wherever it is stated; what some do not state is left out. */
export interface Movement extends Omit<KindOfMovement, "kind" | "from" | "to">, Sum {
	readonly kind?: string;
	readonly from?: string;
	readonly to?: string;
	/** Of an exchange: what was got. */
	readonly into?: Sum | undefined;
}

/**
 * Movements of one chain, of rows, seeds, ledgers, passages or requests, are such as can be: each by itself, in the forms of the chain's
 * family; and all together, a transaction at one place and no other at its place.
 */
export function checkMovements(chain: string, movements: readonly Movement[], where: (i: number) => string, fail: Fail): void {
	for (const [i, movement] of movements.entries()) checkMovement(chain, movement, (what) => fail(where(i), what));
	checkPlaces(chain, movements, where, fail);
}

/** Text is looked at before it is taken for a number, so that what is wrong is told and nothing thrown. */
function checkMovement(chain: string, movement: Movement, fail: (what: string) => void): void {
	const { txHash, from, to, into } = movement;
	if (!isHash(txHash, chain)) fail(`is of transaction ${quoted(txHash)}, which is no hash as ${chain} writes it`);
	for (const account of new Set([from, to]))
		if (account !== undefined && !isAccount(account, chain)) fail(`names ${quoted(account)}, which is no account of ${chain}`);
	const limits = limitsOf(chain);
	for (const { asset, amount } of into === undefined ? [movement] : [movement, into]) {
		if (!asset.startsWith(`${chain}/`) || !isAsset(asset)) fail(`moves ${quoted(asset)}, which is no asset of ${chain}`);
		else if (limits !== undefined && COIN.test(asset) && BigInt(amount) > limits.coins)
			fail(`moves ${amount} of ${asset}, more than there is`);
	}
	if (into?.asset === movement.asset) fail(`pays and gets ${movement.asset}, which is no exchange`);
	checkKind(movement, chain, fail);
}

/** A row of an exchange has no kind of a movement. */
function checkKind({ kind, from, to, into, ...movement }: Movement, chain: string, fail: (what: string) => void): void {
	const family = familyOf(chain);
	if (family === undefined) return;
	const outputs = family.ledger === "outputs";
	if (!outputs && movement.outpoint !== undefined) fail(`names an output, which ${chain} has none of`);
	if (outputs && into !== undefined) fail(`is an exchange, which ${chain} has none of`);
	if (kind === undefined || from === undefined || to === undefined || into !== undefined) return;
	const wrong =
		kind !== FEE && OF_OUTPUTS.has(kind) !== outputs
			? `${chain} has no such movement`
			: family.kindWrong?.({ ...movement, kind, from, to }, chain);
	if (wrong !== undefined) fail(`is called ${kind}, and ${wrong}`);
}

/**
 * A block is not older than its chain, and not of a time to come, by the clock of who verifies, with a day to spare. For what asks somebody
 * to act; bundles and disclosures repeat the times of files, and the verdict names each such row among the maker's word.
 */
export function checkTime(time: string, chain: string, fail: (what: string) => void, now: number = Date.now()): void {
	const odd = oddTime(time, chain, now);
	if (odd !== undefined) fail(odd);
}

/** Why no block of the chain has this time, as {@link checkTime} says it; undefined where one can. */
export function oddTime(time: string, chain: string, now: number = Date.now()): string | undefined {
	const limits = limitsOf(chain);
	if (limits === undefined || time === "" || !isMoment(time)) return undefined;
	const moment = Date.parse(time);
	if (moment < Date.parse(limits.genesis)) return `is of ${time}, and ${chain} began at ${limits.genesis}`;
	return moment > now + DAY_MS ? `is of ${time}, a time that is not yet` : undefined;
}

/** A transaction stands at one place of one block, and no other stands there; all are written alike. */
export function checkPlaces(
	chain: string,
	movements: readonly Pick<Movement, "position" | "txHash">[],
	where: (i: number) => string,
	fail: Fail,
): void {
	const family = familyOf(chain);
	const repeated = new Set(family?.repeated);
	const places = new Map<string, string>();
	const hashes = new Map<string, string>();
	let form: boolean | undefined;
	for (const [i, { position, txHash }] of movements.entries()) {
		const place = transactionOf(position);
		const told = places.get(txHash) ?? place;
		places.set(txHash, told);
		if (told !== place && !repeated.has(txHash)) fail(where(i), `transaction ${txHash} stands at ${place}, and at ${told} before`);
		const other = hashes.get(place) ?? txHash;
		hashes.set(place, other);
		if (other !== txHash) fail(where(i), `transaction ${txHash} stands at ${place}, where transaction ${other} stands`);
		// Of a chain that this verifier does not know, all hashes are written alike.
		form ??= txHash.startsWith("0x");
		if (family === undefined && txHash.startsWith("0x") !== form)
			fail(where(i), `is of transaction ${txHash}, which is not written as the others are`);
	}
}
