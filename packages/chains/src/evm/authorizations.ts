import {
	type AccountId,
	type ChainEvent,
	type ChainId,
	type Delegation,
	delegationEvent,
	EVENT_BAND,
	evmChainId,
	evmChainNumber,
	type Hash,
	trustedAccountId,
	ZERO_ADDRESS,
} from "@clew/core";
import { Signature, verifyAuthorization } from "ethers";
import { z } from "zod";
import { typeOf } from "./forms/transactions.js";
import { quantity, type RpcBlock, type RpcTransaction } from "./shapes.js";

/** Type of a transaction that brings authorisations (EIP-7702). */
const SET_CODE_TYPE = 4;
/** The last nonce of an account, at which nothing takes effect any more (EIP-2681). */
const LAST_NONCE = 2n ** 64n - 1n;
/** Places of one transaction before those of its logs. */
const PLACES = EVENT_BAND.log - EVENT_BAND.internal;
/** Authorisations of a block that are read: each costs milliseconds, and 12,500 gas at the least (EIP-7702). */
const MOST = 10_000;

const tupleShape = z.looseObject({
	chainId: quantity,
	address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
	nonce: quantity,
	yParity: quantity.nullish(),
	v: quantity.nullish(),
	r: quantity,
	s: quantity,
});
type Tuple = z.infer<typeof tupleShape>;

/** Authorisations of a block, as events of those who signed; and what could not be read. */
export interface Authorizations {
	readonly events: readonly ChainEvent[];
	/** Accounts whose coins may move by calls from now on. */
	readonly delegated: readonly AccountId[];
	readonly gaps: readonly string[];
}

/**
 * What keys signed of their accounts in a block (EIP-7702), each at its place before the calls of its transaction. They hold whether or not
 * the transaction fails. A tuple whose signature is none, or has the higher `s` of two, is nobody's word and left out. Pure.
 */
export function authorizationsIn(chain: ChainId, block: RpcBlock): Authorizations {
	const found: Delegation[] = [];
	const gaps: string[] = [];
	const nonces = sentNonces(block);
	/** Who signed, by tuple: the same one may stand often. */
	const signers = new Map<string, string | undefined>();
	let count = 0;
	for (const tx of block.transactions) {
		if (typeOf(tx) !== SET_CODE_TYPE) continue;
		const list = z.array(tupleShape).max(PLACES).safeParse(tx["authorizationList"]);
		count += list.data?.length ?? 0;
		if (list.success && count <= MOST) found.push(...ofTransaction(chain, tx, list.data, nonces, signers));
		else gaps.push(`the authorisations of transaction ${tx.hash.toLowerCase()} (EIP-7702) cannot be read`);
	}
	const delegated = found.filter(({ to, effect }) => to !== undefined && effect !== "no").map(({ account }) => account);
	return { events: found.map(delegationEvent), delegated: [...new Set(delegated)], gaps };
}

/** Nonces of the transactions that an account sent in a block, by their index. */
type Sent = ReadonlyMap<string, readonly { readonly txIndex: number; readonly nonce: bigint }[]>;

function sentNonces(block: RpcBlock): Sent {
	const sent = new Map<string, { txIndex: number; nonce: bigint }[]>();
	for (const tx of block.transactions) {
		const { nonce } = tx;
		// What nobody signed (deposits, system transactions) may tell a nonce that is none.
		if (typeOf(tx) > SET_CODE_TYPE || typeof nonce !== "string" || !quantity.safeParse(nonce).success) continue;
		const own = sent.get(tx.from.toLowerCase()) ?? [];
		sent.set(tx.from.toLowerCase(), own);
		own.push({ txIndex: Number(tx.transactionIndex), nonce: BigInt(nonce) });
	}
	return sent;
}

function ofTransaction(
	chain: ChainId,
	tx: RpcTransaction,
	list: readonly Tuple[],
	sent: Sent,
	signers: Map<string, string | undefined>,
): Delegation[] {
	const sender = tx.from.toLowerCase();
	const txIndex = Number(tx.transactionIndex);
	const number = evmChainNumber(chain);
	/** The sender's own nonce while the list is read: its transaction has taken one already. */
	const own = sent.get(sender)?.find((one) => one.txIndex === txIndex)?.nonce;
	let next = own === undefined ? undefined : own + 1n;
	return list.flatMap((tuple, i): Delegation[] => {
		const text = JSON.stringify(tuple);
		const authority = signers.has(text) ? signers.get(text) : signerOf(tuple);
		signers.set(text, authority);
		if (authority === undefined) return [];
		const [signedFor, nonce] = [BigInt(tuple.chainId), BigInt(tuple.nonce)];
		const never =
			signedFor !== 0n && signedFor !== number ? "signed for another chain" : nonce >= LAST_NONCE ? "no nonce is left" : undefined;
		const judged =
			never !== undefined
				? { effect: "no" as const, why: never }
				: authority === sender && next !== undefined
					? bySender(nonce, next)
					: byBlock(nonce);
		if (judged.effect === "yes") next = nonce + 1n;
		const address = tuple.address.toLowerCase();
		return [
			{
				account: trustedAccountId(chain, authority),
				to: address === ZERO_ADDRESS ? undefined : trustedAccountId(chain, address),
				signedFor: signedFor === 0n ? "every chain" : evmChainId(signedFor.toString()),
				nonce,
				...judged,
				chain,
				txHash: tx.hash.toLowerCase() as Hash,
				position: { height: Number(tx.blockNumber), txIndex, eventIndex: EVENT_BAND.internal + i },
			},
		];

		/** What the account's own transactions in the block rule out: a nonce never falls. Calls can raise it, so nothing is sure. */
		function byBlock(at: bigint): Pick<Delegation, "effect" | "why"> {
			const own = sent.get(authority ?? "") ?? [];
			const before = own.findLast((one) => one.txIndex < txIndex);
			const behind = own.find((one) => one.txIndex > txIndex);
			const late = before !== undefined && at <= before.nonce;
			const early = behind !== undefined && at >= behind.nonce;
			if (late || early) return { effect: "no", why: "the account's own transactions in the block show another nonce" };
			return { effect: "unknown", why: "the block does not tell the account's nonce" };
		}
	});
}

/** A sender's own: the nonce is known, and who sends a transaction has no code but a delegation (EIP-3607). */
function bySender(at: bigint, next: bigint): Pick<Delegation, "effect" | "why"> {
	return at === next
		? { effect: "yes", why: "the account sent it itself, at this nonce" }
		: { effect: "no", why: "the account sent it itself, at another nonce" };
}

/** Who signed, lower case; undefined for what is no signature. Throws nothing. */
function signerOf({ chainId, address, nonce, yParity, v, r, s }: Tuple): string | undefined {
	const parity = BigInt(yParity ?? v ?? "0x2");
	if (parity > 1n) return undefined;
	try {
		const word = (text: string) => `0x${BigInt(text).toString(16).padStart(64, "0")}`;
		// ethers refuses the higher `s`, as the protocol does (EIP-2).
		const signature = Signature.from({ r: word(r), s: word(s), yParity: parity === 0n ? 0 : 1 });
		return verifyAuthorization({ address, nonce: BigInt(nonce), chainId: BigInt(chainId) }, signature).toLowerCase();
	} catch {
		return undefined;
	}
}
