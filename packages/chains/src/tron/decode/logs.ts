import { type AccountId, type AssetId, EVENT_BAND, KNOWN_TOKENS, nullAccount, type TransferRecord } from "@clew/core";
import type { Addresses } from "./accounts.js";
import type { TronLog } from "./info.js";

/** keccak256 of the signatures of events: ERC-20's, which TRC-20 took over, and WTRX's, which are WETH9's. */
const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const DEPOSIT = "e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c";
const WITHDRAWAL = "7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65";
/** `DestroyedBlackFunds(address,uint256)` of Tether's contract, which burns without a Transfer. */
export const DESTROYED = "61e6e66b0d6339b2980aecc6ccc0039736791f0ccde9ed512e789a7fbdd698c6";
/** TRC-1155's TransferSingle and TransferBatch. */
const OF_IDS: ReadonlySet<string> = new Set([
	"c3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62",
	"4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb",
]);
/** Selectors of `transfer(address,uint256)` and `transferFrom(address,address,uint256)`. */
const CALLED_TRANSFER = "a9059cbb";
const CALLED_TRANSFER_FROM = "23b872dd";
const SELECTOR_DIGITS = 8;
const WORD = 64;
/** Words of Transfer: sender, receiver, amount. */
const TRANSFER_WORDS = 3;

/** Words of a log behind its signature, wherever they stand: contracts differ in what they index. Undefined for half a word. */
export function wordsOf({ topics, data }: TronLog): readonly string[] | undefined {
	const words = [...topics.slice(1), ...(data.match(/.{64}/g) ?? [])];
	return data.length % WORD === 0 && words.every((word) => word.length === WORD) ? words : undefined;
}

/** True for a log that moves NFTs by their ids: four topics of a Transfer (TRC-721), or an event of TRC-1155. */
export function movesIds({ topics }: TronLog): boolean {
	return OF_IDS.has(topics[0] ?? "") || (topics[0] === TRANSFER && topics.length > TRANSFER_WORDS);
}

/**
 * TRC-20 transfers in the logs of one transaction, at 16384 and the place of the log among those of the transaction. `native` is what moved
 * of TRX in it: WTRX's Deposit and Withdrawal count as mint and burn where the same amount went to the contract, or came from it. What
 * Tether's contract destroys is a burn. NFTs and logs whose addresses are none are left out.
 */
export function tokenTransfers(logs: readonly TronLog[], native: readonly TransferRecord[], addresses: Addresses): TransferRecord[] {
	const none = nullAccount(addresses.chain);
	const transfers: TransferRecord[] = [];
	const unmatched = [...native];
	for (const [i, log] of logs.entries()) {
		const at = EVENT_BAND.log + i;
		const [topic] = log.topics;
		const words = movesIds(log) ? undefined : wordsOf(log);
		if (words === undefined || topic === undefined) continue;
		const contract = addresses.account(log.address, "the address of a log");
		const asset = addresses.trc20(contract);
		if (topic === TRANSFER && words.length === TRANSFER_WORDS) {
			const [from, to] = [addresses.ofWord(words[0] as string), addresses.ofWord(words[1] as string)];
			if (from !== undefined && to !== undefined) transfers.push(tokenTransfer(from, to, asset, BigInt(`0x${words[2]}`), at, none));
		} else if (words.length === 2) {
			const account = addresses.ofWord(words[0] as string);
			const amount = BigInt(`0x${words[1]}`);
			if (account === undefined) continue;
			const isMint = topic === DEPOSIT;
			const [payer, payee] = isMint ? [account, contract] : [contract, account];
			const place =
				isMint || topic === WITHDRAWAL ? unmatched.findIndex((t) => t.from === payer && t.to === payee && t.amount === amount) : -1;
			if (place >= 0) unmatched.splice(place, 1);
			if (place >= 0) transfers.push(tokenTransfer(isMint ? none : account, isMint ? account : none, asset, amount, at, none));
			else if (topic === DESTROYED && KNOWN_TOKENS.has(asset)) transfers.push(tokenTransfer(account, none, asset, amount, at, none));
		}
	}
	return transfers;
}

function tokenTransfer(
	from: AccountId,
	to: AccountId,
	asset: AssetId,
	amount: bigint,
	eventIndex: number,
	none: AccountId,
): TransferRecord {
	return { kind: from === none ? "mint" : to === none ? "burn" : "token", from, to, asset, amount, eventIndex };
}

/**
 * What a successful call of a token's own `transfer` or `transferFrom` moved, where no logs are told: of tokens whose makers publish their
 * contract, since any other code may do otherwise and succeed. It stands in the place of the first log.
 */
export function calledTransfer(owner: AccountId, contract: AccountId, data: Buffer, addresses: Addresses): TransferRecord | undefined {
	const asset = addresses.trc20(contract);
	if (!KNOWN_TOKENS.has(asset)) return undefined;
	const call = data.toString("hex");
	const selector = call.slice(0, SELECTOR_DIGITS);
	const words = call.slice(SELECTOR_DIGITS).match(/.{64}/g) ?? [];
	const expected = selector === CALLED_TRANSFER ? 2 : selector === CALLED_TRANSFER_FROM ? TRANSFER_WORDS : 0;
	if (expected === 0 || words.length < expected) return undefined;
	const from = selector === CALLED_TRANSFER ? owner : addresses.ofWord(words[0] as string);
	const to = addresses.ofWord(words[expected - 2] as string);
	const amount = BigInt(`0x${words[expected - 1]}`);
	if (from === undefined || to === undefined) return undefined;
	return tokenTransfer(from, to, asset, amount, EVENT_BAND.log, nullAccount(addresses.chain));
}
