import { type ChainId, evmChain, groupBy } from "@clew/core";
import { keccak256 } from "ethers";
import { type Item, integer, typed } from "../rlp.js";
import type { RpcTransaction } from "../shapes.js";
import type { Publisher, TransactionForm } from "./form.js";
import { NITRO_FORMS } from "./nitro.js";
import { CELO_FORMS, ROLLUP_FORMS } from "./rollups.js";

/** Newest transaction type of Ethereum itself (EIP-7702). */
export const LAST_TYPE = 4;

const FORMS = groupBy([...NITRO_FORMS, ...ROLLUP_FORMS, ...CELO_FORMS], ({ type }) => type);
/** Chains on which no transactions but Ethereum's own can be. */
const ETHEREUMS: ReadonlySet<string> = new Set(["eip155:1", "eip155:11155111"]);

/** Number of a transaction's or receipt's type (EIP-2718). */
export function typeOf({ type }: { readonly type?: string | null | undefined }): number {
	return Number(type ?? "0x0");
}

/** True for a transaction of Ethereum itself: types 0 to 4. */
export function isEthereums(tx: { readonly type?: string | null | undefined }): boolean {
	return typeOf(tx) <= LAST_TYPE;
}

/** True for a type that some family of chains has and this one cannot: Ethereum itself has neither deposits nor fees in tokens. */
export function isImpossible(chain: ChainId, tx: RpcTransaction): boolean {
	return ETHEREUMS.has(chain) && FORMS.has(typeOf(tx));
}

/** Whose forms the blocks of a chain have; empty where the table does not say. */
export function publishersOf(chain: ChainId): readonly Publisher[] {
	const known = evmChain(chain);
	if (known?.opStack === true) return ["op-stack"];
	switch (known?.client) {
		case "nitro":
			return ["nitro"];
		case "celo":
			return ["celo", "op-stack"];
		case "scroll":
			return ["scroll"];
		case "mantle":
			return ["mantle", "op-stack"];
		default:
			return [];
	}
}

/**
 * The form of a transaction that is not Ethereum's own, undefined where none is known. On a chain whose forms are known it is the one that
 * they have of this type; on others, and where there are several, the one that gives the transaction's hash, which no other bytes give.
 */
export function formOf(chain: ChainId, tx: RpcTransaction): TransactionForm | undefined {
	const all = FORMS.get(typeOf(tx)) ?? [];
	const publishers = publishersOf(chain);
	const own = all.filter(({ publisher }) => publishers.includes(publisher));
	if (own.length === 1) return own[0];
	return (own.length > 0 ? own : all).find((form) => givesHash(form, tx));
}

/** True for a transaction whose form is known and has no signature. */
export function isUnsigned(chain: ChainId, tx: RpcTransaction): boolean {
	return !isEthereums(tx) && formOf(chain, tx)?.signed === false;
}

/** False where the sender pays no gas, or not in the chain's coin. */
export function paysGas(chain: ChainId, tx: RpcTransaction): boolean {
	return isEthereums(tx) || (formOf(chain, tx)?.paysGas(tx) ?? true);
}

function givesHash(form: TransactionForm, tx: RpcTransaction): boolean {
	try {
		return keccak256(encodeByForm(form, tx)) === tx.hash.toLowerCase();
	} catch {
		return false;
	}
}

/** The bytes of a transaction that its hash is over. Throws TypeError where a field is no hex. */
export function encodeByForm(form: TransactionForm, tx: RpcTransaction): Uint8Array {
	return typed(form.type, [...form.fields(tx), ...(form.signed ? signatureOf(tx) : [])]);
}

/** What the signer of a transaction signs, by its form. */
export function signingHash(form: TransactionForm, tx: RpcTransaction): string {
	return keccak256(typed(form.type, form.fields(tx)));
}

/** A signature's parity, r and s. */
export function signatureOf(tx: RpcTransaction): Item[] {
	return [integer(tx["yParity"] ?? tx["v"]), integer(tx["r"]), integer(tx["s"])];
}
