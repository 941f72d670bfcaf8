import type { BitcoinBranch, BitcoinProof, Edge } from "../bundle/formats.js";
import { concat, equal, fromHex, reversed, toNumber } from "../encoding/bytes.js";
import { Refusal } from "../failure.js";
import { bitcoinHeader, doubleHash, mustHaveWork, written } from "../proofs/headers.js";
import { mustEqual, type ProvenBlock } from "../proofs/proven-block.js";
import type { ShownTransaction } from "../proofs/shown.js";
import { payee } from "./script.js";

/** A transaction without witnesses, as far as money goes. */
export interface BitcoinTransaction {
	readonly inputs: readonly { readonly txid: string; readonly vout: number; readonly script: Uint8Array }[];
	readonly outputs: readonly { readonly value: bigint; readonly script: Uint8Array }[];
}

/** Transactions that some proof of the bundle shows, by id: an input's value and owner stand in the transaction it spends. */
export type KnownTransactions = Map<string, BitcoinTransaction>;

const MAINNET = "bip122:000000000019d6689c085ae165831e93";
/** From here on every block of the main chain states its height; activated by 95 % of miners on 24 March 2013. */
const BIP34_HEIGHT = 227_931;
const OP_1 = 0x51;
const OP_16 = 0x60;
const NO_TXID = "0".repeat(64);
const COINBASE_INDEX = 0xffffffff;
/** A transaction of exactly 64 bytes could be an inner node of the tree. */
const NODE_BYTES = 64;

/**
 * Reads a proof of one Bitcoin block: the header hashes to its hash and has the work that it states, every transaction hangs below the
 * Merkle root at the depth of the coinbase. Adds what it shows to `known`. Throws Error.
 */
export function bitcoinBlock(proof: BitcoinProof, known: KnownTransactions): ProvenBlock {
	const { bytes: header, hash, parent } = bitcoinHeader(proof.header);
	mustEqual("block hash", proof.hash, hash);
	const target = mustHaveWork({ bytes: header, hash });
	const root = written(header.subarray(36, 68));
	const coinbase = readBranch(proof.coinbase, root);
	const [only] = coinbase.inputs;
	if (proof.coinbase.index !== 0 || coinbase.inputs.length !== 1 || only?.txid !== NO_TXID || only.vout !== COINBASE_INDEX)
		throw new Refusal("the first transaction is not a coinbase");
	const stated = coinbaseHeight(coinbase, new DataView(header.buffer).getInt32(0, true), proof.chain, Number(proof.height));
	if (stated !== undefined && stated !== Number(proof.height))
		throw new Refusal(`its coinbase is that of block ${stated}, not of block ${proof.height} (BIP 34)`);
	const places = new Map<string, number>();
	for (const branch of proof.transactions) {
		if (branch.branch.length !== proof.coinbase.branch.length)
			throw new Refusal(`transaction ${branch.txid} stands at another depth than the coinbase`);
		if (places.has(branch.txid)) throw new Refusal("the proof names a transaction twice");
		places.set(branch.txid, branch.index);
		known.set(branch.txid, readBranch(branch, root));
	}
	const { chain } = proof;
	return {
		chain,
		height: Number(proof.height),
		hash: proof.hash,
		parent,
		time: new DataView(header.buffer).getUint32(68, true),
		heightShown: stated !== undefined,
		transactions: [...places.keys()],
		work: `2^${((1n << 256n) / (target + 1n)).toString(2).length - 1} hashes`,
		place(edge) {
			const index = places.get(edge.txHash);
			const tx = known.get(edge.txHash);
			if (index === undefined || tx === undefined) throw new Refusal(`no proof of transaction ${edge.txHash} is in the bundle`);
			mustEqual("asset", edge.asset, `${chain}/slip44:${chain === MAINNET ? 0 : 1}`);
			const event = eventOf(edge, tx, index, chain, known);
			return { transaction: index, event, index: event, isLog: false };
		},
		transaction(txid) {
			const index = places.get(txid);
			const tx = known.get(txid);
			return index === undefined || tx === undefined ? undefined : shown(tx, index, chain, known);
		},
	};
}

function shown(tx: BitcoinTransaction, index: number, chain: string, known: KnownTransactions): ShownTransaction {
	const output = ({ value, script }: { value: bigint; script: Uint8Array }) => ({
		account: `${chain}:${payee(chain, script)}`,
		value: value.toString(),
	});
	// A coinbase spends nothing: its one input is no movement.
	const inputs = index === 0 ? [] : tx.inputs;
	return {
		index,
		inputs: inputs.map(({ txid, vout }) => {
			const spent = known.get(txid)?.outputs[vout];
			return { outpoint: `${txid}:${vout}`, ...(spent === undefined ? {} : output(spent)) };
		}),
		outputs: tx.outputs.map(output),
	};
}

function readBranch({ txid, index, raw, branch }: BitcoinBranch, root: string): BitcoinTransaction {
	const bytes = fromHex(raw);
	if (bytes.length === NODE_BYTES) throw new Refusal("a transaction of 64 bytes could be an inner node of the tree");
	mustEqual("transaction id", txid, written(doubleHash(bytes)));
	let at = index;
	let hash = doubleHash(bytes);
	for (const text of branch) {
		const sibling = reversed(fromHex(text));
		// Equal siblings are one node counted twice (CVE-2012-2459): on the right it is no transaction of its own.
		if (at % 2 === 1 && equal(sibling, hash)) throw new Refusal("the branch leads through a copy that only fills up the tree");
		hash = doubleHash(at % 2 === 1 ? concat(sibling, hash) : concat(hash, sibling));
		at = Math.floor(at / 2);
	}
	if (at !== 0) throw new Refusal("the branch is too short for the place of its transaction");
	mustEqual("Merkle root", root, written(hash));
	return readTransaction(bytes);
}

function eventOf(edge: Edge, tx: BitcoinTransaction, index: number, chain: string, known: KnownTransactions): number {
	const node = `${chain}:tx-${edge.txHash}`;
	const [txid = "", vout = ""] = edge.outpoint?.split(":") ?? [];
	const account = (script: Uint8Array) => `${chain}:${payee(chain, script)}`;
	// A coinbase spends nothing: its one input is no movement, and its outputs are counted from 0.
	const spends = index === 0 ? 0 : tx.inputs.length;
	if (edge.kind === "output") {
		const output = tx.outputs[Number(vout)];
		mustEqual("transaction of the output", txid, edge.txHash);
		if (output === undefined) throw new Refusal("the transaction has no such output");
		checkRow(edge, node, account(output.script), output.value);
		return spends + Number(vout);
	}
	if (edge.kind === "spend") {
		const place = tx.inputs.findIndex((input) => input.txid === txid && input.vout === Number(vout));
		if (place < 0) throw new Refusal("the transaction does not spend this output");
		const spent = known.get(txid)?.outputs[Number(vout)];
		if (spent === undefined) throw new Refusal("the transaction that made the spent output is not proven here");
		checkRow(edge, account(spent.script), node, spent.value);
		return place;
	}
	if (edge.kind === "fee") {
		if (index === 0) throw new Refusal("a coinbase pays no fee");
		const spent = tx.inputs.map((input) => known.get(input.txid)?.outputs[input.vout]);
		if (spent.includes(undefined)) throw new Refusal("a transaction whose output is spent is not proven here");
		const sum = (outputs: readonly ({ value: bigint } | undefined)[]) => outputs.reduce((total, o) => total + (o?.value ?? 0n), 0n);
		checkRow(edge, node, `${chain}:null`, sum(spent) - sum(tx.outputs));
		return spends + tx.outputs.length;
	}
	throw new Refusal(`a row of kind ${edge.kind} cannot be proven by a transaction`);
}

function checkRow(edge: Edge, from: string, to: string, amount: bigint): void {
	mustEqual("sender", edge.from, from);
	mustEqual("receiver", edge.to, to);
	mustEqual("amount", edge.amount, amount.toString());
}

/**
 * The height that a coinbase begins with (BIP 34): every block of the main chain from 227,931 on, and of version 2 or above on the
 * others, where some wrote something else before the rule held there. Undefined where a coinbase need not state it. Throws Error where it
 * must and does not.
 */
function coinbaseHeight(coinbase: BitcoinTransaction, version: number, chain: string, height: number): number | undefined {
	const script = coinbase.inputs[0]?.script ?? new Uint8Array(0);
	const [first = 0] = script;
	const small = first >= OP_1 && first <= OP_16 ? first - OP_1 + 1 : undefined;
	const pushed = first >= 1 && first <= 5 && script.length > first ? Number(toNumber(reversed(script.subarray(1, 1 + first)))) : undefined;
	const stated = small ?? pushed;
	if (chain === MAINNET) {
		// Before the rule, blocks of version 2 mostly stated it too, and version 1 wrote what it liked.
		if (height < BIP34_HEIGHT)
			return version >= 2 && (stated === height || (stated !== undefined && stated >= BIP34_HEIGHT)) ? stated : undefined;
		if (stated === undefined) throw new Refusal("its coinbase does not state its height (BIP 34)");
		return stated;
	}
	return version >= 2 && stated === height ? stated : undefined;
}

/** Parses a transaction without witnesses. Throws Error. */
function readTransaction(bytes: Uint8Array): BitcoinTransaction {
	let at = 4;
	const take = (n: number): Uint8Array => {
		if (at + n > bytes.length) throw new Refusal("a transaction is cut off");
		at += n;
		return bytes.subarray(at - n, at);
	};
	const number = (n: number) => toNumber(reversed(take(n)));
	const count = (): number => {
		const first = take(1)[0] as number;
		const value = first < 0xfd ? BigInt(first) : number(first === 0xfd ? 2 : first === 0xfe ? 4 : 8);
		if (value > BigInt(bytes.length)) throw new Refusal("a transaction states an impossible length");
		return Number(value);
	};
	const inputs = Array.from({ length: count() }, () => {
		const input = { txid: written(take(32)), vout: Number(number(4)), script: take(count()) };
		take(4);
		return input;
	});
	const outputs = Array.from({ length: count() }, () => ({ value: number(8), script: take(count()) }));
	take(4);
	if (at !== bytes.length) throw new Refusal("a transaction has bytes left over");
	return { inputs, outputs };
}
