import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Edge, EvmProof } from "../bundle/formats.js";
import { fromHex, toHex, toNumber } from "../encoding/bytes.js";
import { bytesItem, decodeRlp, encodeRlp, listItem, type Rlp } from "../encoding/rlp.js";
import { Refusal } from "../failure.js";
import { EVM_FIELD, EVM_LEAST_FIELDS, evmHeader } from "../proofs/headers.js";
import { mustEqual, type ProvenBlock, type ProvenPlace } from "../proofs/proven-block.js";
import type { ShownMove, ShownMoves } from "../proofs/shown.js";
import { provenValue, TrieNode } from "../proofs/trie.js";
import { baseFee } from "./base-fee.js";
import { NO_ROLLUPS } from "./kinds.js";
import { doubtfulWrappings, isMovement, type LoggedMovement, movementOf, NOBODY, WORD } from "./logs.js";
import { BLOB_TYPE, readTransaction, type SignedTransaction, splitType } from "./transaction.js";
import { isWrappedCoin } from "./wrapped-coins.js";

/** Order inside a transaction: the fee (or what a deposit mints, which pays none), the value, then the logs. */
const EVENT = { fee: 0, value: 1, log: 2 } as const;
/** Chains on which gas times price, blobs aside, is all of a fee: no rollups, which take more than a receipt's gas tells. */
export const PLAIN_FEES: ReadonlySet<string> = new Set(
	[1, 56, 97, 100, 137, 250, 1337, 17000, 31337, 31338, 43113, 43114, 80002, 560048, 11155111].map((id) => `eip155:${id}`),
);

/** Reads a proof of one EVM block: the header must hash to the hash it states. Throws Error. */
export function evmBlock(proof: EvmProof): ProvenBlock {
	const { hash, parent, height, fields, field } = evmHeader(proof.header);
	mustEqual("block hash", proof.hash, hash);
	if (fields < EVM_LEAST_FIELDS) throw new Refusal("the header has too few fields");
	mustEqual("height of the header", proof.height, height);
	const nodes = proof.nodes.map((node) => new TrieNode(fromHex(node)));
	const base = () => baseFee(proof.chain, fields, field);
	const path = (places: readonly number[]) =>
		places.map((i) => {
			const node = nodes[i];
			if (node === undefined) throw new Refusal("the proof names a node that it does not have");
			return node;
		});
	const entries = new Map(proof.transactions.map((entry) => [entry.hash, entry]));
	if (entries.size !== proof.transactions.length) throw new Refusal("the proof names a transaction twice");
	const known = new Map<string, EvmTransaction>();
	const receiptAt = (index: number, places: readonly number[]) =>
		readReceipt(provenValue(field(EVM_FIELD.receipts), encodeRlp(indexBytes(index)), path(places)));

	function transaction(hash: string): EvmTransaction {
		const before = known.get(hash);
		if (before !== undefined) return before;
		const entry = entries.get(hash);
		if (entry === undefined) throw new Refusal(`no proof of transaction ${hash} is in the bundle`);
		const raw = provenValue(field(EVM_FIELD.transactions), encodeRlp(indexBytes(entry.index)), path(entry.transaction));
		mustEqual("transaction hash", hash, `0x${toHex(keccak_256(raw))}`);
		const receipt = receiptAt(entry.index, entry.receipt);
		const made = {
			index: entry.index,
			...readTransaction(raw, proof.chain),
			receipt,
			gas: () => receipt.cumulativeGas - (entry.index === 0 ? 0n : receiptAt(entry.index - 1, entry.before).cumulativeGas),
		};
		known.set(hash, made);
		return made;
	}

	return {
		chain: proof.chain,
		height: Number(proof.height),
		hash: proof.hash,
		parent,
		time: Number(toNumber(field(EVM_FIELD.time))),
		heightShown: true,
		transactions: [...entries.keys()],
		work: "",
		place(edge, log) {
			const tx = transaction(edge.txHash);
			if (edge.kind === "fee") return checkFee(edge, tx, base());
			if (edge.kind === "native") return checkValue(edge, tx);
			if (edge.kind === "mint" && edge.asset === `${tx.chain}/slip44:60`) return checkMint(edge, tx);
			if (edge.kind === "token" || edge.kind === "mint" || edge.kind === "burn") return checkLog(edge, tx, log);
			throw new Refusal(`a row of kind ${edge.kind} cannot be proven by a receipt`);
		},
		log(hash, place) {
			const found = transaction(hash).receipt.logs[place];
			if (found === undefined) return undefined;
			const [contract, topics, data] = listItem(found);
			return { contract: `0x${toHex(bytesItem(contract))}`, topics: listItem(topics).map(bytesItem), data: bytesItem(data) };
		},
		moves: (hash) => (entries.has(hash) ? movesOf(transaction(hash), base()) : undefined),
	};
}

/** What receipt, transaction and header show of a transaction: its logs, and fee and value where they say them. */
function movesOf(tx: EvmTransaction, base: bigint): ShownMoves {
	const coin = `${tx.chain}/slip44:60`;
	const kinds = new Set(["token", "mint", "burn"]);
	const move = (kind: string, from: string, to: string, asset: string, amount: bigint): ShownMove => ({
		...{ kind, from: `${tx.chain}:${from}`, to: `${tx.chain}:${to}` },
		...{ asset, amount: amount.toString() },
	});
	const moves: ShownMove[] = [];
	// A deposit brings its coin into being whether it succeeds or not.
	if (tx.mint > 0n) moves.push(move("mint", NOBODY, tx.minter, coin, tx.mint));
	if (hasPlainFee(tx)) {
		kinds.add("fee");
		moves.push(move("fee", tx.parties().from, NOBODY, coin, tx.gas() * tx.price(base)));
	}
	if (tx.receipt.succeeded !== undefined) {
		kinds.add("native");
		// What failed called nobody who kept anything.
		if (!tx.receipt.succeeded) kinds.add("internal");
		if (tx.receipt.succeeded) moves.push({ ...valueMove(tx), asset: coin });
	}
	const logs = logsOf(tx);
	const { nothing, unpaid } = doubtfulWrappings(logs, moves);
	for (const log of logs) {
		if (nothing.has(log)) continue;
		const { kind, from, to, contract, amount, place, asAmount } = log;
		const shown: ShownMove = {
			...move(kind, from, to, `${tx.chain}/erc20:${contract}`, amount),
			log: place,
			...(asAmount ? { asAmount } : {}),
		};
		moves.push(unpaid.has(log) ? { ...shown, optional: true } : shown);
	}
	return { moves, kinds, index: tx.index };
}

/** The value that a transaction which succeeded paid. */
function valueMove(tx: EvmTransaction): Omit<ShownMove, "asset"> {
	const { from, to } = tx.parties();
	return { kind: "native", from: `${tx.chain}:${from}`, to: `${tx.chain}:${to}`, amount: tx.value.toString() };
}

/** True where a fee is gas times price for sure: on a chain that is no rollup, without blobs. */
function hasPlainFee({ chain, type }: SignedTransaction): boolean {
	return NO_ROLLUPS.includes(chain) && type !== BLOB_TYPE;
}

/** An index as RLP's key: a number without leading zeros. */
function indexBytes(index: number): Uint8Array {
	return index === 0 ? new Uint8Array(0) : fromHex(index.toString(16).padStart(index > 0xff ? (index > 0xffff ? 6 : 4) : 2, "0"));
}

interface EvmTransaction extends SignedTransaction {
	readonly index: number;
	readonly receipt: Receipt;
	/** Gas that it used: what it adds to the receipt before. */
	readonly gas: () => bigint;
}

interface Receipt {
	/** Undefined before Byzantium, when a receipt did not say. */
	readonly succeeded: boolean | undefined;
	readonly cumulativeGas: bigint;
	readonly logs: readonly Rlp[];
}

function readReceipt(raw: Uint8Array): Receipt {
	const [outcome, gas, , logs] = listItem(decodeRlp(splitType(raw).body));
	const status = bytesItem(outcome);
	return {
		succeeded: status.length === WORD ? undefined : toNumber(status) === 1n,
		cumulativeGas: toNumber(bytesItem(gas)),
		logs: listItem(logs),
	};
}

function checkParties(edge: Edge, chain: string, asset: string, from: string, to: string, amount: bigint): void {
	mustEqual("sender", edge.from, `${chain}:${from}`);
	mustEqual("receiver", edge.to, `${chain}:${to}`);
	mustEqual("asset", edge.asset, `${chain}/${asset}`);
	mustEqual("amount", edge.amount, amount.toString());
}

function checkValue(edge: Edge, tx: EvmTransaction): ProvenPlace {
	if (tx.receipt.succeeded === undefined)
		throw new Refusal("a receipt from before Byzantium does not say whether the transaction succeeded");
	if (!tx.receipt.succeeded) throw new Refusal("the transaction failed and moved nothing");
	const { from, to } = tx.parties();
	checkParties(edge, tx.chain, "slip44:60", from, to, tx.value);
	return { transaction: tx.index, event: EVENT.value, index: EVENT.value, isLog: false };
}

/** What a deposit mints is its sender's whether it succeeded or not. */
function checkMint(edge: Edge, tx: EvmTransaction): ProvenPlace {
	if (tx.mint === 0n) throw new Refusal("the transaction mints nothing");
	checkParties(edge, tx.chain, "slip44:60", NOBODY, tx.minter, tx.mint);
	return { transaction: tx.index, event: EVENT.fee, index: EVENT.fee, isLog: false };
}

function checkFee(edge: Edge, tx: EvmTransaction, base: bigint): ProvenPlace {
	if (!PLAIN_FEES.has(tx.chain)) throw new Refusal("a fee of this chain may be more than a receipt shows");
	if (!tx.paysGas) throw new Refusal("its sender pays no fee in the chain's coin");
	if (tx.type === BLOB_TYPE) throw new Refusal("the price of blobs does not stand in a receipt");
	checkParties(edge, tx.chain, "slip44:60", tx.parties().from, NOBODY, tx.gas() * tx.price(base));
	return { transaction: tx.index, event: EVENT.fee, index: EVENT.fee, isLog: false };
}

function checkLog(edge: Edge, tx: EvmTransaction, place: number | undefined): ProvenPlace {
	const log = place === undefined ? undefined : tx.receipt.logs[place];
	if (place === undefined || log === undefined) throw new Refusal("the receipt has no such log");
	const { kind, contract, from, to, amount } = movementOf(log);
	mustEqual("kind", edge.kind, kind);
	checkParties(edge, tx.chain, `erc20:${contract}`, from, to, amount);
	checkWrapping(edge, tx, place);
	return { transaction: tx.index, event: EVENT.log + place, index: place, isLog: true };
}

/** Logs of a receipt that tell of movements, with their places in it. */
function logsOf({ receipt }: EvmTransaction): readonly (LoggedMovement & { readonly place: number })[] {
	return receipt.logs.flatMap((log, place) => (isMovement(log) ? [{ ...movementOf(log), place }] : []));
}

/** A wrapping counts where what is paid with it shows, or where it is of a published wrapped coin, which gives none unpaid. */
function checkWrapping({ asset }: Edge, tx: EvmTransaction, place: number): void {
	const logs = logsOf(tx);
	const log = logs.find((one) => one.place === place);
	if (log?.wraps !== true) return;
	const paid = tx.receipt.succeeded === true && tx.value > 0n ? [valueMove(tx)] : [];
	const { nothing, unpaid } = doubtfulWrappings(logs, paid);
	if (nothing.has(log)) throw new Refusal("the log of a wrapping moves nothing that a Transfer of its receipt does not tell");
	if (unpaid.has(log) && !isWrappedCoin(asset)) throw new Refusal("the receipt shows no payment that bears out the wrapping");
}
