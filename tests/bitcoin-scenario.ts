import * as ecc from "@bitcoinerlab/secp256k1";
import { crypto, initEccLib, networks, opcodes, type Payment, Psbt, payments, script, Transaction } from "bitcoinjs-lib";
import type { Btcd } from "../scripts/services/btcd.js";

initEccLib(ecc);
const network = networks.regtest;

/** Somebody with a key, fixed by a number so that a run can be repeated. */
export interface Person {
	readonly publicKey: Uint8Array;
	readonly privateKey: Uint8Array;
}

/** Person number n, from 1. */
export function person(n: number): Person {
	const privateKey = crypto.sha256(Buffer.from(`clew scenario ${n}`));
	return { privateKey, publicKey: ecc.pointFromScalar(privateKey, true) as Uint8Array };
}

/** The ways to pay a person that the scenario uses. */
export type Kind = "p2pk" | "p2pkh" | "p2sh" | "p2wpkh" | "p2wsh" | "p2tr" | "multisig";

const xOnly = (publicKey: Uint8Array) => publicKey.subarray(1);

/** The script and, where there is one, the address of a kind of payment to a person. */
export function payTo(kind: Kind, { publicKey }: Person): Payment {
	const key = { pubkey: publicKey, network };
	switch (kind) {
		case "p2pk":
			return payments.p2pk(key);
		case "p2pkh":
			return payments.p2pkh(key);
		case "p2wpkh":
			return payments.p2wpkh(key);
		case "p2sh":
			return payments.p2sh({ redeem: payments.p2wpkh(key), network });
		case "p2wsh":
			return payments.p2wsh({ redeem: payments.p2pk(key), network });
		case "p2tr":
			return payments.p2tr({ internalPubkey: xOnly(publicKey), network });
		case "multisig":
			return payments.p2ms({ m: 1, pubkeys: [publicKey, person(99).publicKey], network });
	}
}

/** An unspent output of somebody's. */
export interface Coin {
	readonly tx: Transaction;
	readonly vout: number;
	readonly kind: Kind;
	readonly owner: Person;
}

/** Signs a transaction that spends coins and pays outputs: a script or a payment, and satoshi. */
export function sign(coins: readonly Coin[], pays: readonly (readonly [Payment | Uint8Array, bigint])[], locktime = 0): Transaction {
	const psbt = new Psbt({ network });
	psbt.setLocktime(locktime);
	for (const { tx, vout, kind, owner } of coins) {
		const output = tx.outs[vout] as { script: Uint8Array; value: bigint };
		const payment = payTo(kind, owner);
		const witness = kind === "p2tr" || kind === "p2wpkh" || kind === "p2wsh" || kind === "p2sh";
		psbt.addInput({
			hash: tx.getHash(),
			index: vout,
			sequence: 0xfffffffe,
			...(witness ? { witnessUtxo: { script: output.script, value: output.value } } : { nonWitnessUtxo: tx.toBuffer() }),
			...(kind === "p2sh" ? { redeemScript: payment.redeem?.output as Uint8Array } : {}),
			...(kind === "p2wsh" ? { witnessScript: payment.redeem?.output as Uint8Array } : {}),
			...(kind === "p2tr" ? { tapInternalKey: xOnly(owner.publicKey) } : {}),
		});
	}
	for (const [to, value] of pays) psbt.addOutput({ script: to instanceof Uint8Array ? to : (to.output as Uint8Array), value });
	for (const [i, { kind, owner }] of coins.entries()) psbt.signInput(i, kind === "p2tr" ? tweaked(owner) : signer(owner));
	psbt.finalizeAllInputs();
	psbt.setMaximumFeeRate(1_000_000);
	return psbt.extractTransaction();
}

function signer({ publicKey, privateKey }: Person) {
	return { publicKey, sign: (hash: Uint8Array) => ecc.sign(hash, privateKey) };
}

/** The key of a taproot output that is spent by its key (BIP 341). */
function tweaked({ publicKey, privateKey }: Person) {
	const even = publicKey[0] === 2 ? privateKey : ecc.privateNegate(privateKey);
	const key = ecc.privateAdd(even, crypto.taggedHash("TapTweak", xOnly(publicKey))) as Uint8Array;
	return {
		publicKey: ecc.pointFromScalar(key, true) as Uint8Array,
		sign: (hash: Uint8Array) => ecc.sign(hash, key),
		signSchnorr: (hash: Uint8Array) => ecc.signSchnorr(hash, key),
	};
}

/** An output that carries bytes and nobody can spend. */
export function carrying(bytes: Uint8Array): Uint8Array {
	return script.compile([opcodes.OP_RETURN, bytes]);
}

/** Sends a transaction to a node. */
export async function send(node: Btcd, tx: Transaction): Promise<string> {
	return node.call<string>("sendrawtransaction", tx.toHex(), true);
}

/** The coinbase of a block, as a coin of the miner's. */
export async function coinbaseOf(node: Btcd, height: number, miner: Person): Promise<Coin> {
	const hash = await node.call<string>("getblockhash", height);
	const block = await node.call<{ tx: string[] }>("getblock", hash, 1);
	const hex = await node.call<string>("getrawtransaction", block.tx[0], 0);
	return { tx: Transaction.fromHex(hex), vout: 0, kind: "p2pkh", owner: miner };
}
