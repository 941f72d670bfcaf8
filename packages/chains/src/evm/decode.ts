import {
	type AccountId,
	BLOCK_TX_INDEX,
	type ChainId,
	type CoveredKind,
	creditsWithdrawals,
	type DecodedBlock,
	EVENT_BAND,
	GWEI,
	type Hash,
	MAX_EVENT_INDEX,
	NFTS_LEFT_OUT,
	nativeAsset,
	nftGap,
	nullAccount,
	oldNft,
	type TransactionRecord,
	type TransferRecord,
	trustedAccountId,
	unknownAccount,
	withEvents,
	withoutNfts,
} from "@clew/core";
import { atomicTransactions } from "./atomic.js";
import { authorizationsIn } from "./authorizations.js";
import type { CallTransfers } from "./calls.js";
import { isRollupBlock, rollupFee } from "./deposits.js";
import { eventsOf } from "./events.js";
import { DEPOSIT_TYPE } from "./forms/rollups.js";
import { formOf, isEthereums, paysGas, typeOf } from "./forms/transactions.js";
import { tokenTransfers } from "./logs.js";
import { outcomeOf } from "./outcome.js";
import type { RpcBlock, RpcReceipt, RpcTransaction } from "./shapes.js";

/** Everything a node told of a block, checked. `calls` by transaction hash; undefined when the node does not trace. */
export interface BlockAnswer {
	readonly block: RpcBlock;
	readonly receipts: readonly RpcReceipt[];
	readonly calls: ReadonlyMap<string, CallTransfers> | undefined;
	readonly gaps: readonly string[];
	/** True where something does not come out, and the node's word was taken for it. */
	readonly unverified?: boolean;
}

/** The same, with how many transactions stand in the block's roots; what comes behind is the node's word. */
export interface CheckedAnswer extends BlockAnswer {
	readonly inRoots: number;
}

/** Chains on which the tip goes to the block's `miner` and pre-merge issuance follows Ethereum's schedule. */
const FEES_TO_PRODUCER = new Set(["eip155:1", "eip155:11155111", "eip155:17000", "eip155:560048", "eip155:1337", "eip155:31337"]);
const ETHER = 10n ** 18n;
/** Issuance per block of mainnet before the merge: EIP-649 (block 4,370,000), EIP-1234 (7,280,000). */
const MAINNET_ISSUANCE: readonly { readonly until: number; readonly reward: bigint }[] = [
	{ until: 4_370_000, reward: 5n * ETHER },
	{ until: 7_280_000, reward: 3n * ETHER },
	{ until: 15_537_394, reward: 2n * ETHER },
];
/** A block that includes an uncle gets 1/32 of the reward more. */
const NEPHEW_SHARE = 32n;

/** Decodes a block to transfers. Pure. Reverted calls and failed transactions move nothing; their fees are paid. */
export function decodeBlock(chain: ChainId, answer: BlockAnswer): DecodedBlock {
	const { block, calls } = answer;
	const { receipts, beyond } = withinPlaces(answer.receipts);
	const height = Number(block.number);
	const contracts = new Set<AccountId>();
	const gaps = new Set(answer.gaps);
	const all = block.transactions.map((tx, i) =>
		decodeTransaction(chain, tx, receipts[i] as RpcReceipt, calls?.get(tx.hash.toLowerCase()), contracts),
	);
	const ofNfts = withoutNfts(all, (asset) => oldNft(asset) !== undefined);
	const transactions = [...ofNfts.transactions];
	for (const asset of ofNfts.left.keys()) gaps.add(nftGap(asset));
	if (isRollupBlock(block) && receipts.some((receipt) => receipt.l1Fee == null && typeOf(receipt) !== DEPOSIT_TYPE))
		gaps.add("the node's receipts do not state the rollup's data fee (l1Fee): fees are lower bounds");
	const logged = eventsOf(chain, block, receipts);
	if (logged.some(({ kind }) => kind === "nft-transfer")) gaps.add(NFTS_LEFT_OUT);
	if (beyond > 0) gaps.add(`of its logs ${beyond} stand behind the ${MOST_LOGS} that a block has places for: what they tell is not here`);
	const authorised = authorizationsIn(chain, block);
	for (const account of authorised.delegated) contracts.add(account);
	for (const gap of authorised.gaps) gaps.add(gap);
	const events = withEvents(logged, [...ofNfts.events, ...authorised.events]);
	for (const tx of block.transactions) {
		const missing = isEthereums(tx) ? undefined : formOf(chain, tx)?.missing?.(tx);
		if (missing !== undefined) gaps.add(`transactions of type 0x${typeOf(tx).toString(16)} move what is not decoded: ${missing}`);
	}
	const atomic = atomicTransactions(chain, block);
	transactions.push(...atomic.transactions);
	for (const gap of atomic.gaps) gaps.add(gap);
	const own = blockTransfers(chain, answer, gaps);
	if (own.length > 0) transactions.push({ hash: block.hash.toLowerCase() as Hash, height, txIndex: BLOCK_TX_INDEX, transfers: own });
	const kinds: CoveredKind[] = [
		...(calls === undefined ? [] : (["internal"] as const)),
		"native",
		...(beyond > 0 ? [] : (["token"] as const)),
	];
	return {
		header: {
			height,
			hash: block.hash.toLowerCase() as Hash,
			parent: block.parentHash.toLowerCase() as Hash,
			time: Number(block.timestamp),
		},
		transactions,
		kinds,
		contracts: [...contracts],
		...(events.length > 0 ? { events } : {}),
		gaps: [...gaps],
		provenance: answer.unverified === true ? "node-unverified" : "node",
	};
}

/** Logs of a block that have places: those behind are of none of its transfers. */
const MOST_LOGS = MAX_EVENT_INDEX - EVENT_BAND.log + 1;

/** Receipts without the logs that stand behind the last place of a block, and how many these are. */
function withinPlaces(receipts: readonly RpcReceipt[]): { readonly receipts: readonly RpcReceipt[]; readonly beyond: number } {
	const fits = ({ logIndex }: RpcReceipt["logs"][number]) => Number(logIndex) < MOST_LOGS;
	const beyond = receipts.reduce((sum, { logs }) => sum + logs.filter((log) => !fits(log)).length, 0);
	if (beyond === 0) return { receipts, beyond };
	return { receipts: receipts.map((receipt) => ({ ...receipt, logs: receipt.logs.filter(fits) })), beyond };
}

function decodeTransaction(
	chain: ChainId,
	tx: RpcTransaction,
	receipt: RpcReceipt,
	calls: CallTransfers | undefined,
	contracts: Set<AccountId>,
): TransactionRecord {
	const account = (address: string) => trustedAccountId(chain, address.toLowerCase());
	const asset = nativeAsset(chain);
	const from = account(tx.from);
	const created = receipt.contractAddress == null || tx.to != null ? undefined : account(receipt.contractAddress);
	const to = tx.to == null ? created : account(tx.to);
	const outcome = outcomeOf(tx, receipt, calls);
	const transfers: TransferRecord[] = [];
	const form = isEthereums(tx) ? undefined : formOf(chain, tx);
	const minted = form?.mint?.(tx) ?? 0n;
	// A deposit pays no fee: what it brings into being stands in that place, before its value, and stays when it fails.
	if (minted > 0n) transfers.push({ kind: "mint", from: nullAccount(chain), to: from, asset, amount: minted, eventIndex: EVENT_BAND.fee });
	const fee = paysGas(chain, tx) ? feeOf(tx, receipt) : 0n;
	if (fee > 0n) transfers.push({ kind: "fee", from, to: nullAccount(chain), asset, amount: fee, eventIndex: EVENT_BAND.fee });
	if (outcome.status !== "failed") {
		const got = form?.receives?.(chain, tx);
		if (got !== undefined && got.amount > 0n)
			transfers.push({ kind: "internal", from: got.account, to: from, asset, amount: got.amount, eventIndex: EVENT_BAND.fee });
		const paid = form?.pays?.(chain, tx);
		const value = paid?.amount ?? BigInt(tx.value);
		const receiver = paid?.account ?? to ?? unknownAccount(chain);
		if (value > 0n) transfers.push({ kind: "native", from, to: receiver, asset, amount: value, eventIndex: EVENT_BAND.value });
		transfers.push(...(calls?.transfers ?? []));
		transfers.push(...tokenTransfers(receipt.logs, transfers, chain, calls !== undefined));
		if (created !== undefined && outcome.status !== undefined) contracts.add(created);
		for (const contract of calls?.contracts ?? []) contracts.add(contract);
		for (const log of receipt.logs) contracts.add(account(log.address));
	}
	return {
		hash: tx.hash.toLowerCase() as Hash,
		height: Number(tx.blockNumber),
		txIndex: Number(tx.transactionIndex),
		...outcome,
		transfers,
	};
}

/**
 * What the sender paid besides the value: gas (on Arbitrum the data is part of it), blobs (EIP-4844), and what a rollup takes for data and
 * operator.
 */
function feeOf(tx: RpcTransaction, receipt: RpcReceipt): bigint {
	const price = BigInt(receipt.effectiveGasPrice ?? tx.gasPrice ?? "0x0");
	const blobs = BigInt(receipt.blobGasUsed ?? "0x0") * BigInt(receipt.blobGasPrice ?? "0x0");
	return BigInt(receipt.gasUsed) * price + blobs + rollupFee(tx, receipt);
}

/** Withdrawals, issuance and tips: what the block itself moves, after its transactions. */
function blockTransfers(chain: ChainId, { block, receipts }: BlockAnswer, gaps: Set<string>): TransferRecord[] {
	const asset = nativeAsset(chain);
	const none = nullAccount(chain);
	const miner = trustedAccountId(chain, block.miner.toLowerCase());
	const transfers: TransferRecord[] = [];
	const add = (kind: "reward" | "withdrawal", to: AccountId, amount: bigint) => {
		if (amount > 0n && to !== none)
			transfers.push({ kind, from: none, to, asset, amount, eventIndex: EVENT_BAND.internal + transfers.length });
	};
	if (!FEES_TO_PRODUCER.has(chain)) gaps.add("who receives fees and rewards on this chain is not followed");
	else {
		const base = BigInt(block.baseFeePerGas ?? "0x0");
		let tips = 0n;
		for (const [i, receipt] of receipts.entries()) {
			const price = BigInt(receipt.effectiveGasPrice ?? block.transactions[i]?.gasPrice ?? "0x0");
			tips += BigInt(receipt.gasUsed) * (price - base);
		}
		add("reward", miner, tips + issuance(chain, block));
		if ((block.uncles?.length ?? 0) > 0) gaps.add("rewards of uncle blocks are not fetched");
	}
	for (const w of creditsWithdrawals(chain) ? (block.withdrawals ?? []) : [])
		add("withdrawal", trustedAccountId(chain, w.address.toLowerCase()), BigInt(w.amount) * GWEI);
	return transfers;
}

function issuance(chain: ChainId, block: RpcBlock): bigint {
	const height = Number(block.number);
	if (chain !== "eip155:1" || height === 0) return 0n;
	const reward = MAINNET_ISSUANCE.find(({ until }) => height < until)?.reward ?? 0n;
	return reward + (reward / NEPHEW_SHARE) * BigInt(block.uncles?.length ?? 0);
}
