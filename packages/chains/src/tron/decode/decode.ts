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
import { directTransfer, disputeOf } from "./disputed.js";
import { eventsOf, permissionEvent } from "./events.js";
import type { TransactionInfo } from "./info.js";
import { internalTransfers } from "./internal.js";
import { tokenTransfers } from "./logs.js";

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
 * that stays open. An info that contradicts its transaction is a gap that names it, and is not taken. Throws InputError for a transaction
 * that is not of its type's form, and for infos of another block or with another outcome than the block says.
 */
export function decodeTronBlock(chain: ChainId, { block, checked, infos, provenance }: TronAnswer): DecodedBlock {
	const { height, time, parent } = block.header;
	const addresses = new Addresses(chain);
	const byId = infosOf(block, infos ?? []);
	const found = new Found();
	const transactions = block.transactions.map((tx, txIndex) => {
		if (!byId.has(tx.id)) found.missing.push(tx.id);
		return decodeTransaction(tx, { height, txIndex, txHash: tx.id as Hash }, byId.get(tx.id), addresses, found);
	});
	const whole = found.missing.length === 0 && found.disputed.size === 0;
	for (const [id, why] of found.disputed)
		found.gaps.add(`the info of transaction ${id} contradicts it and was not taken (${why}): its fee, logs and calls inside are not told`);
	if (found.missing.length > 0) found.gaps.add(missingInfos(found.missing, block.transactions.length));
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
	/** Transactions whose info contradicts them, with what it says. */
	readonly disputed = new Map<string, string>();
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
	told: TransactionInfo | undefined,
	addresses: Addresses,
	found: Found,
): TransactionRecord {
	const status = statusOf(tx, told);
	let [info, asked] = [told, readContract(tx, place.txIndex, told, addresses)];
	const dispute = told && disputeOf(asked, status, told, addresses);
	if (dispute !== undefined) {
		found.disputed.set(tx.id, dispute);
		[info, asked] = [undefined, readContract(tx, place.txIndex, undefined, addresses)];
	}
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
	const transfers = [...asked.transfers];
	if (asked.call !== undefined) found.contracts.add(asked.call.contract);
	const direct = info === undefined ? directTransfer(asked, status, addresses) : undefined;
	if (info === undefined) return direct === undefined ? transfers : [...transfers, direct];
	const inner = internalTransfers(info.internal, addresses);
	for (const gap of inner.gaps) found.gaps.add(gap);
	transfers.push(...inner.transfers);
	for (const { address } of info.logs) found.contracts.add(addresses.account(address, "the address of a log"));
	const native = transfers.filter(({ asset, kind }) => isNative(asset) && kind !== "reward");
	return [...transfers, ...tokenTransfers(info.logs, native, addresses)];
}

/** Undefined where neither the block nor the info says it. Throws InputError where they contradict each other. */
function statusOf({ id, outcome }: TronTransaction, info: TransactionInfo | undefined): TransactionRecord["status"] {
	const told = outcome === "untold" ? undefined : outcome;
	if (told !== undefined && info?.status !== undefined && info.status !== told)
		throw new InputError(`the block says that transaction ${id} ${told}, and its info that it ${info.status}`);
	return told ?? info?.status;
}
