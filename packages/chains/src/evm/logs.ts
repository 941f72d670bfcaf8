import {
	type AccountId,
	type ChainId,
	EVENT_BAND,
	erc20Asset,
	nullAccount,
	type TransferRecord,
	trustedAccountId,
	unwrappedPayment,
	wrappedCoin,
} from "@clew/core";
import { tokenTransfer } from "../import/transfers.js";
import type { RpcLog } from "./shapes.js";

/** keccak256("Transfer(address,address,uint256)"), EIP-20. */
export const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
/** keccak256("Deposit(address,uint256)") and keccak256("Withdrawal(address,uint256)") of WETH9, which mints and burns without Transfer. */
const DEPOSIT = "0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c";
const WITHDRAWAL = "0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65";

const WORD = 64;
const ADDRESS_DIGITS = 40;
const ZERO_PAD = "0".repeat(WORD - ADDRESS_DIGITS);

/**
 * ERC-20 transfers in the logs of one transaction, with exact places (16384 + log index). Odd ones count too: addresses in the data instead
 * of topics, zero value, self-transfers. A log with four topics is an ERC-721 transfer and is left out; so is one whose addresses are not
 * addresses. WETH9's Deposit and Withdrawal count as mint and burn when the same amount of the native coin went to, or came from, the
 * contract in the same transaction, and no Transfer tells of it already. Where the node did not trace and the contract is the chain's
 * wrapped coin, its event alone tells both sides: the payment is given, too, without a place.
 */
export function tokenTransfers(
	logs: readonly RpcLog[],
	native: readonly TransferRecord[],
	chain: ChainId,
	traced: boolean,
): TransferRecord[] {
	const transfers: TransferRecord[] = [];
	for (const log of logs) {
		const parsed = parseTransfer(log);
		if (parsed !== undefined) transfers.push(toRecord(log, parsed, chain));
	}
	const unmatched = [...native];
	// Some contracts log a Transfer as well: each tells of one event.
	const told = [...transfers];
	const coin = wrappedCoin(chain);
	for (const log of logs) {
		const wrapped = wrappingOf(log, chain);
		if (wrapped === undefined) continue;
		const { minted, account, contract, amount } = wrapped;
		const at = unmatched.findIndex((t) => matches(t, wrapped));
		if (at >= 0) unmatched.splice(at, 1);
		else if (!traced && coin?.weth9 && contract === coin.contract && amount > 0n && contract !== account) {
			const paid = unwrappedPayment(chain, contract, account, amount);
			transfers.push(minted ? { ...paid, from: account, to: contract } : paid);
		} else if (!native.some((t) => matches(t, wrapped))) continue;
		const none = nullAccount(chain);
		const [from, to] = minted ? [none, account] : [account, none];
		const asset = erc20Asset(chain, log.address.toLowerCase());
		const twin = told.findIndex((t) => t.asset === asset && t.from === from && t.to === to && t.amount === amount);
		if (twin >= 0) told.splice(twin, 1);
		else if (contract !== account) transfers.push(tokenTransfer(from, to, asset, amount, EVENT_BAND.log + Number(log.logIndex)));
	}
	return transfers;
}

interface ParsedTransfer {
	readonly from: string;
	readonly to: string;
	readonly amount: bigint;
}

function parseTransfer(log: RpcLog): ParsedTransfer | undefined {
	const [topic, from, to] = log.topics;
	if (topic?.toLowerCase() !== TRANSFER) return undefined;
	const digits = log.data.slice(2);
	const words = [...[from, to].filter((t) => t !== undefined).map((t) => t.slice(2)), ...(digits.match(/.{64}/g) ?? [])];
	if (log.topics.length > 3 || digits.length % WORD !== 0 || words.length !== 3) return undefined;
	const [a = "", b = "", value = ""] = words;
	if (!a.startsWith(ZERO_PAD) || !b.startsWith(ZERO_PAD)) return undefined;
	return { from: addressIn(a), to: addressIn(b), amount: BigInt(`0x${value}`) };
}

function addressIn(word: string): string {
	return `0x${word.slice(WORD - ADDRESS_DIGITS).toLowerCase()}`;
}

function toRecord(log: RpcLog, { from, to, amount }: ParsedTransfer, chain: ChainId): TransferRecord {
	const asset = erc20Asset(chain, log.address.toLowerCase());
	return tokenTransfer(trustedAccountId(chain, from), trustedAccountId(chain, to), asset, amount, EVENT_BAND.log + Number(log.logIndex));
}

/** An event of a contract that wraps the native coin: `minted` to, or burned from, `account`, in base units. */
interface Wrapping {
	readonly minted: boolean;
	readonly account: AccountId;
	readonly contract: AccountId;
	readonly amount: bigint;
}

/** Reads a Deposit or Withdrawal event of the form of WETH9's, of whatever contract; undefined for every other log. */
export function wrappingOf(log: RpcLog, chain: ChainId): Wrapping | undefined {
	const topic = log.topics[0]?.toLowerCase();
	const account = log.topics[1]?.slice(2);
	if (
		(topic !== DEPOSIT && topic !== WITHDRAWAL) ||
		log.topics.length !== 2 ||
		account === undefined ||
		!account.startsWith(ZERO_PAD) ||
		log.data.length !== 2 + WORD
	)
		return undefined;
	return {
		minted: topic === DEPOSIT,
		account: trustedAccountId(chain, addressIn(account)),
		contract: trustedAccountId(chain, log.address.toLowerCase()),
		amount: BigInt(log.data),
	};
}

function matches(native: TransferRecord, { minted, contract, amount }: Wrapping): boolean {
	return native.amount === amount && (minted ? native.to === contract : native.from === contract);
}
