import * as ecc from "@bitcoinerlab/secp256k1";
import {
	type AccountId,
	addressOf,
	type BitcoinNetwork,
	bitcoinNetwork,
	type ChainId,
	chainOf,
	formatOutpoint,
	InputError,
	type OutputRecord,
	trustedAccountId,
	type UtxoBlock,
	type UtxoRecord,
} from "@clew/core";
import { Block, crypto, initEccLib, networks, opcodes, type Payment, payments, script, Transaction } from "bitcoinjs-lib";

initEccLib(ecc);

const network = networks.regtest;
const { SIGHASH_ALL, SIGHASH_DEFAULT } = Transaction;
/** Version bits (BIP 9) that ask for relative locktimes, segregated witness and taproot, where a test network still votes. */
const VERSION = 0x20000007;
/** The easiest target: every second hash will do. */
const BITS = 0x207fffff;
const COINBASE_INDEX = 0xffffffff;
const FINAL = 0xffffffff;
/** Signatures take no randomness, so that the same world gives the same bytes (BIP 340 allows it). */
const NO_CHANCE = Buffer.alloc(32);
const WITNESS_NONCE = Buffer.alloc(32);
const COMMITMENT_HEADER = Buffer.from("aa21a9ed", "hex");

/** An output that was made, as its spender signs it. */
interface MadeOutput {
	readonly script: Uint8Array;
	readonly value: bigint;
	readonly madeUp: OutputRecord;
}

interface Key {
	readonly privateKey: Uint8Array;
	readonly publicKey: Uint8Array;
	readonly payment: Payment;
	readonly account: AccountId;
}

/** Makes real, signed, mined blocks of made-up ones. */
export interface BlockMaker {
	/**
	 * The bytes of the block that continues the last one; the first continues the network's genesis. Throws InputError for what cannot be
	 * made.
	 */
	make(block: UtxoBlock): Uint8Array;
	/** The real account in place of a made-up one. */
	accountOf(madeUp: string): string;
	/** The real id of a transaction that was made. */
	txidOf(madeUp: string): string;
}

/**
 * Makes blocks of bitcoin-regtest. Every made-up address gets a key that is the hash of its name, which anybody can compute: it is a toy's,
 * and the network is one for tests. Values, order, versions, locktimes and sequences are those of the made-up blocks; ids and addresses are
 * real ones.
 */
export function blockMaker(chain: ChainId): BlockMaker {
	const { genesis } = bitcoinNetwork(chain) as BitcoinNetwork;
	const keys = new Map<string, Key>();
	const txids = new Map<string, string>();
	const outputs = new Map<string, MadeOutput>();
	let parent: Uint8Array = Buffer.from(genesis, "hex").reverse();

	const keyOf = (output: OutputRecord): Key => {
		const known = keys.get(output.account);
		if (known !== undefined) return known;
		const made = makeKey(output);
		keys.set(output.account, made);
		return made;
	};
	const scriptOf = (output: OutputRecord): Uint8Array => {
		if (output.scriptType === "op_return") return script.compile([opcodes.OP_RETURN, Buffer.from(output.data ?? "", "hex")]);
		return keyOf(output).payment.output as Uint8Array;
	};

	function note(record: UtxoRecord, tx: Transaction): void {
		txids.set(record.txid, tx.getId());
		for (const [vout, madeUp] of record.outputs.entries()) {
			const { script, value } = tx.outs[vout] as Transaction["outs"][number];
			if (madeUp.scriptType !== "op_return") outputs.set(formatOutpoint({ txid: record.txid, vout }), { script, value, madeUp });
		}
	}

	function payment(record: UtxoRecord): Transaction {
		const tx = new Transaction();
		tx.version = record.version;
		tx.locktime = record.locktime;
		const spent = record.inputs.map(({ outpoint, sequence }) => {
			const key = formatOutpoint(outpoint);
			const output = outputs.get(key);
			const txid = txids.get(outpoint.txid);
			if (output === undefined || txid === undefined) throw new InputError(`${key} is not there to be spent`);
			outputs.delete(key);
			tx.addInput(Buffer.from(txid, "hex").reverse(), outpoint.vout, sequence);
			return output;
		});
		for (const output of record.outputs) tx.addOutput(scriptOf(output), output.value);
		for (const [i, { madeUp }] of spent.entries()) sign(tx, i, spent, keyOf(madeUp), madeUp.scriptType);
		return tx;
	}

	return {
		make({ header, transactions }) {
			const [first, ...others] = transactions;
			if (first === undefined || !first.coinbase) throw new InputError(`block ${header.height} has no coinbase`);
			const coinbase = new Transaction();
			coinbase.version = first.version;
			coinbase.addInput(Buffer.alloc(32), COINBASE_INDEX, FINAL, coinbaseScript(header.height));
			for (const output of first.outputs) coinbase.addOutput(scriptOf(output), output.value);
			const paid = others.map((record) => {
				const tx = payment(record);
				note(record, tx);
				return tx;
			});
			const block = new Block();
			block.transactions = [coinbase, ...paid];
			if (paid.some((tx) => tx.hasWitnesses())) commit(block, coinbase);
			note(first, coinbase);
			block.version = VERSION;
			block.prevHash = parent;
			block.timestamp = header.time;
			block.bits = BITS;
			block.merkleRoot = Block.calculateMerkleRoot(block.transactions);
			block.nonce = 0;
			while (!block.checkProofOfWork()) block.nonce++;
			parent = block.getHash();
			return block.toBuffer();
		},
		accountOf: (madeUp) => keys.get(madeUp)?.account ?? madeUp,
		txidOf: (madeUp) => txids.get(madeUp) ?? madeUp,
	};
}

function makeKey({ account, scriptType }: OutputRecord): Key {
	const privateKey = crypto.sha256(Buffer.from(`clew simulated world ${account}`));
	const publicKey = ecc.pointFromScalar(privateKey, true) as Uint8Array;
	const payment = paymentTo(scriptType, publicKey, account);
	return { privateKey, publicKey, payment, account: trustedAccountId(chainOf(account), payment.address as string) };
}

function paymentTo(scriptType: OutputRecord["scriptType"], publicKey: Uint8Array, account: AccountId): Payment {
	const key = { pubkey: publicKey, network };
	if (scriptType === "p2pkh") return payments.p2pkh(key);
	if (scriptType === "p2wpkh") return payments.p2wpkh(key);
	if (scriptType === "p2sh") return payments.p2sh({ redeem: payments.p2wpkh(key), network });
	if (scriptType === "p2tr") return payments.p2tr({ internalPubkey: publicKey.subarray(1), network });
	throw new InputError(`${addressOf(account)}: nobody acts as the owner of a ${scriptType} output`);
}

/** Signs one input; `spent` are the outputs of all inputs, which a taproot signature covers (BIP 341). */
function sign(tx: Transaction, index: number, spent: readonly MadeOutput[], key: Key, scriptType: OutputRecord["scriptType"]): void {
	const { privateKey, publicKey, payment } = key;
	const { script: own, value } = spent[index] as MadeOutput;
	const ecdsa = (hash: Uint8Array) => script.signature.encode(ecc.sign(hash, privateKey), SIGHASH_ALL);
	if (scriptType === "p2tr") {
		const hash = tx.hashForWitnessV1(
			index,
			spent.map((output) => output.script),
			spent.map((output) => output.value),
			SIGHASH_DEFAULT,
		);
		tx.setWitness(index, [ecc.signSchnorr(hash, tweaked(key), NO_CHANCE)]);
	} else if (scriptType === "p2pkh") {
		tx.setInputScript(index, script.compile([ecdsa(tx.hashForSignature(index, own, SIGHASH_ALL)), publicKey]));
	} else {
		const witnessProgram = scriptType === "p2sh" ? (payment.redeem?.output as Uint8Array) : own;
		// The code that is signed is that of a payment to the key's hash (BIP 143).
		const code = payments.p2pkh({ hash: witnessProgram.subarray(2), network }).output as Uint8Array;
		tx.setWitness(index, [ecdsa(tx.hashForWitnessV0(index, code, value, SIGHASH_ALL)), publicKey]);
		if (scriptType === "p2sh") tx.setInputScript(index, script.compile([witnessProgram]));
	}
}

/** The key of a taproot output that is spent by its key alone (BIP 341). */
function tweaked({ privateKey, publicKey }: Key): Uint8Array {
	const even = publicKey[0] === 2 ? privateKey : ecc.privateNegate(privateKey);
	return ecc.privateAdd(even, crypto.taggedHash("TapTweak", publicKey.subarray(1))) as Uint8Array;
}

/** The height (BIP 34), and a word, since consensus wants two bytes at least. */
function coinbaseScript(height: number): Uint8Array {
	return script.compile([script.number.encode(height), Buffer.from("clew")]);
}

/** Adds the commitment to all witnesses (BIP 141). */
function commit(block: Block, coinbase: Transaction): void {
	coinbase.setWitness(0, [WITNESS_NONCE]);
	const commitment = Block.calculateMerkleRoot(block.transactions as Transaction[], true);
	coinbase.addOutput(script.compile([opcodes.OP_RETURN, Buffer.concat([COMMITMENT_HEADER, commitment])]), 0n);
}
