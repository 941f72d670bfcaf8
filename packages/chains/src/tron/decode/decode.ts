import {
	type AccountId,
	type ChainEvent,
	type ChainId,
	type CoveredKind,
	type DecodedBlock,
	EVENT_BAND,
	type Hash,
	InputError,
	isNative,
	NFTS_LEFT_OUT,
	nullAccount,
	type ProvenanceTier,
	type TransactionRecord,
	type TransferRecord,
	type UnreadWork,
} from "@clew/core";
import type { CheckedBlock } from "../check/check-block.js";
import { Addresses } from "./accounts.js";
import type { TronBlock, TronTransaction } from "./block.js";
import { type Asked, readContract } from "./contracts.js";
import { eventsOf, permissionEvent } from "./events.js";
import type { TransactionInfo } from "./info.js";
import { internalTransfers } from "./internal.js";
import { calledTransfer, tokenTransfers } from "./logs.js";

const MILLISECONDS = 1_000;

/** What a block and the infos of its transactions hold together. */
export interface TronAnswer {
	readonly block: TronBlock;
	readonly checked: CheckedBlock;
	/** Undefined where nobody told any; a list may lack some. */
	readonly infos: readonly TransactionInfo[] | undefined;
	/** How the block is known. */
	readonly provenance: ProvenanceTier;
}

/**
 * Decodes a checked block to transfers. Pure. What failed moved nothing but its fee; of what the block does not say whether it succeeded,
 * that stays open. Throws InputError for a transaction that is not of its type's form, and for infos that are of another block or
 * contradict this one.
 */
export function decodeTronBlock(chain: ChainId, { block, checked, infos, provenance }: TronAnswer): DecodedBlock {
	const { height, time, parent } = block.header;
	const addresses = new Addresses(chain);
	const byId = infosOf(block, infos ?? []);
	const found = new Found();
	const transactions = block.transactions.map((tx, txIndex) => {
		const record = decodeTransaction(tx, { height, txIndex, txHash: tx.id as Hash }, byId.get(tx.id), addresses, found);
		if (!byId.has(tx.id)) found.missing.push(tx.id);
		return record;
	});
	const whole = found.missing.length === 0;
	if (!whole) found.gaps.add(missingInfos(found.missing, block.transactions.length));
	if (checked.unrooted !== undefined)
		found.gaps.add(
			`its transactions were told in JSON that does not give their root (${checked.unrooted}): nothing shows that they are all, or what came of them`,
		);
	if (checked.signer !== block.header.witness)
		found.gaps.add("another key than the witness's signed this block: that the witness let it is not shown by the block");
	const kinds: CoveredKind[] = whole ? ["internal", "native", "token"] : ["native"];
	return {
		header: { height, hash: checked.id as Hash, parent: parent as Hash, time: Math.floor(time / MILLISECONDS) },
		transactions,
		kinds,
		contracts: [...found.contracts],
		...(found.events.length > 0 ? { events: found.events } : {}),
		gaps: [...found.gaps],
		...(found.unread.length > 0 ? { unread: found.unread } : {}),
		provenance: checked.unrooted !== undefined && provenance === "node" ? "node-unverified" : provenance,
	};
}

/** What comes together over the transactions of a block. */
class Found {
	readonly contracts = new Set<AccountId>();
	readonly events: ChainEvent[] = [];
	readonly gaps = new Set<string>();
	readonly unread: UnreadWork[] = [];
	/** Ids of transactions whose info nobody told. */
	readonly missing: string[] = [];
}

function missingInfos(missing: readonly string[], all: number): string {
	const which = missing.length === all ? "" : ` of ${missing.length} transactions, first of ${missing[0]},`;
	return `TransactionInfo${which} is missing: fees, logs and calls inside transactions are not told`;
}

/** The infos by transaction. Throws InputError for one of another block, and for two of one transaction. */
function infosOf(block: TronBlock, infos: readonly TransactionInfo[]): ReadonlyMap<string, TransactionInfo> {
	const { height } = block.header;
	const ids = new Set(block.transactions.map(({ id }) => id));
	const byId = new Map<string, TransactionInfo>();
	for (const info of infos) {
		if (info.height !== height || !ids.has(info.id))
			throw new InputError(`block ${height}: the info of transaction ${info.id} says that it is of block ${info.height}, or of none here`);
		if (info.time !== 0 && info.time !== block.header.time)
			throw new InputError(`block ${height}: the info of transaction ${info.id} says another time than the block`);
		if (byId.has(info.id)) throw new InputError(`block ${height}: two infos are of transaction ${info.id}`);
		byId.set(info.id, info);
	}
	return byId;
}

function decodeTransaction(
	tx: TronTransaction,
	place: { readonly height: number; readonly txIndex: number; readonly txHash: Hash },
	info: TransactionInfo | undefined,
	addresses: Addresses,
	found: Found,
): TransactionRecord {
	const asked = readContract(tx, place.txIndex, info, addresses);
	const status = statusOf(tx, info);
	const transfers: TransferRecord[] = [];
	const { owner } = asked;
	if (info !== undefined && info.fee > 0n)
		transfers.push({
			kind: "fee",
			from: owner,
			to: nullAccount(addresses.chain),
			asset: addresses.coin,
			amount: info.fee,
			eventIndex: EVENT_BAND.fee,
		});
	if (status !== "failed") {
		transfers.push(...moved(asked, status, info, addresses, found));
		for (const gap of asked.gaps) found.gaps.add(gap);
		if (asked.unread !== undefined) found.unread.push({ account: owner, what: asked.unread });
		if (asked.permissions) found.events.push(permissionEvent(tx, owner, place, addresses));
		const logged = info === undefined ? [] : eventsOf(info.logs, place, addresses);
		if (logged.some(({ kind }) => kind === "nft-transfer")) found.gaps.add(NFTS_LEFT_OUT);
		found.events.push(...logged);
	}
	const { height, txIndex, txHash: hash } = place;
	return { hash, height, txIndex, ...(status === undefined ? { statusMissing: true } : { status }), transfers };
}

/** What a transaction that did not fail moved. */
function moved(
	asked: Asked,
	status: TransactionRecord["status"],
	info: TransactionInfo | undefined,
	addresses: Addresses,
	found: Found,
): TransferRecord[] {
	const { owner, call } = asked;
	const transfers = [...asked.transfers];
	if (call !== undefined) found.contracts.add(call.contract);
	// Where nobody says that the call succeeded, nothing is taken for moved by it.
	const direct = call === undefined || status !== "succeeded" ? undefined : calledTransfer(owner, call.contract, call.data, addresses);
	if (info === undefined) return direct === undefined ? transfers : [...transfers, direct];
	const inner = internalTransfers(info.internal, addresses);
	for (const gap of inner.gaps) found.gaps.add(gap);
	transfers.push(...inner.transfers);
	for (const { address } of info.logs) found.contracts.add(addresses.account(address, "the address of a log"));
	const native = transfers.filter(({ asset, kind }) => isNative(asset) && kind !== "reward");
	const logged = tokenTransfers(info.logs, native, addresses);
	if (direct !== undefined) mustLog(direct, logged, info.id);
	return [...transfers, ...logged];
}

/**
 * The logs of a direct call of a published token tell what it was asked to move: all of it from its sender, at least one part to its
 * receiver (a fee of the token may go elsewhere). Throws InputError.
 */
function mustLog({ asset, from, to, amount }: TransferRecord, logged: readonly TransferRecord[], id: string): void {
	const own = logged.filter((t) => t.asset === asset);
	const paid = own.reduce((sum, t) => sum + t.amount, 0n);
	if (paid === amount && own.every((t) => t.from === from) && own.some((t) => t.to === to)) return;
	throw new InputError(
		`the info of transaction ${id} contradicts it: its call moves ${amount} base units of ${asset} to ${to}, and its logs do not`,
	);
}

/** Undefined where neither the block nor the info says it. Throws InputError where they contradict each other. */
function statusOf({ id, outcome }: TronTransaction, info: TransactionInfo | undefined): TransactionRecord["status"] {
	const told = outcome === "untold" ? undefined : outcome;
	if (told !== undefined && info?.status !== undefined && info.status !== told)
		throw new InputError(`the block says that transaction ${id} ${told}, and its info that it ${info.status}`);
	return told ?? info?.status;
}
