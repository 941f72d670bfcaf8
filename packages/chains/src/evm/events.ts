import { type ChainEvent, type ChainId, EVENT_BAND, evmChainNumber, type Hash, isAddress, trustedAccountId } from "@clew/core";
import { EventFragment, Interface, type LogDescription } from "ethers";
import type { RpcBlock, RpcReceipt } from "./shapes.js";

/** What a decoder makes of a log's arguments; undefined when they say nothing that it can use. Addresses come in any case. */
type Told = Pick<ChainEvent, "kind" | "details"> & { readonly account?: string; readonly key?: string };
type Decoder = (log: LogDescription, context: Context) => Told | undefined;

interface Context {
	/** EIP-155 number. */
	readonly chain: bigint;
	readonly txHash: string;
	/** Wei per gas, decimal. */
	readonly gasPrice: string;
}

/** Circle's numbers of chains (CCTP documentation, "Supported domains"). */
const CCTP_DOMAINS: ReadonlyMap<number, bigint> = new Map([
	[0, 1n],
	[1, 43_114n],
	[2, 10n],
	[3, 42_161n],
	[6, 8_453n],
	[7, 137n],
]);
/** LayerZero's numbers of chains (docs.layerzero.network, "Deployed endpoints", V2). */
const LAYERZERO_ENDPOINTS: ReadonlyMap<number, bigint> = new Map([
	[30_101, 1n],
	[30_102, 56n],
	[30_106, 43_114n],
	[30_109, 137n],
	[30_110, 42_161n],
	[30_111, 10n],
	[30_184, 8_453n],
]);
/** Stargate's buses carry many passengers under one message: then a deposit has no number of its own. */
const NO_GUID = `0x${"00".repeat(32)}`;
/** Operator, sender, receiver, ids and amounts of ERC-1155. */
const BATCH_ARGUMENTS = 5;
/** A CCTP burn message: version (4 bytes), token (32), receiver (32), amount (32), sender (32). */
const CCTP_BODY = /^0x[0-9a-f]{8}[0-9a-f]{64}([0-9a-f]{64})([0-9a-f]{64})[0-9a-f]{64}$/i;

/** Signatures as the protocols' own contracts declare them, with what each says here. */
const DECODERS: readonly (readonly [protocol: string, signature: string, decode: Decoder])[] = [
	[
		"across",
		"event V3FundsDeposited(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 indexed destinationChainId, uint32 indexed depositId, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityDeadline, address indexed depositor, address recipient, address exclusiveRelayer, bytes message)",
		acrossDeposit,
	],
	[
		"across",
		"event FundsDeposited(bytes32 inputToken, bytes32 outputToken, uint256 inputAmount, uint256 outputAmount, uint256 indexed destinationChainId, uint256 indexed depositId, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityDeadline, bytes32 indexed depositor, bytes32 recipient, bytes32 exclusiveRelayer, bytes message)",
		acrossDeposit,
	],
	[
		"across",
		"event FilledV3Relay(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 repaymentChainId, uint256 indexed originChainId, uint32 indexed depositId, uint32 fillDeadline, uint32 exclusivityDeadline, address exclusiveRelayer, address indexed relayer, address depositor, address recipient, bytes message, tuple(address updatedRecipient, bytes updatedMessage, uint256 updatedOutputAmount, uint8 fillType) relayExecutionInfo)",
		acrossFill,
	],
	[
		"across",
		"event FilledRelay(bytes32 inputToken, bytes32 outputToken, uint256 inputAmount, uint256 outputAmount, uint256 repaymentChainId, uint256 indexed originChainId, uint256 indexed depositId, uint32 fillDeadline, uint32 exclusivityDeadline, bytes32 exclusiveRelayer, bytes32 indexed relayer, bytes32 depositor, bytes32 recipient, bytes32 messageHash, tuple(bytes32 updatedRecipient, bytes32 updatedMessageHash, uint256 updatedOutputAmount, uint8 fillType) relayExecutionInfo)",
		acrossFill,
	],
	[
		"celer",
		"event Send(bytes32 transferId, address sender, address receiver, address token, uint256 amount, uint64 dstChainId, uint64 nonce, uint32 maxSlippage)",
		({ args: a }) => bridgeOut(`celer:${a["transferId"]}`, a["dstChainId"], a["receiver"], { token: a["token"], amount: a["amount"] }),
	],
	[
		"celer",
		"event Relay(bytes32 transferId, address sender, address receiver, address token, uint256 amount, uint64 srcChainId, bytes32 srcTransferId)",
		({ args: a }) => bridgeIn(`celer:${a["srcTransferId"]}`, a["srcChainId"], a["receiver"], { token: a["token"], amount: a["amount"] }),
	],
	[
		"cctp",
		"event DepositForBurn(uint64 indexed nonce, address indexed burnToken, uint256 amount, address indexed depositor, bytes32 mintRecipient, uint32 destinationDomain, bytes32 destinationTokenMessenger, bytes32 destinationCaller)",
		({ args: a }, { chain }) => {
			const to = CCTP_DOMAINS.get(Number(a["destinationDomain"]));
			const own = [...CCTP_DOMAINS].find(([, number]) => number === chain)?.[0];
			if (to === undefined || own === undefined) return undefined;
			return bridgeOut(`cctp:${own}:${a["nonce"]}`, to, a["mintRecipient"], { token: a["burnToken"], amount: a["amount"] });
		},
	],
	[
		"cctp",
		"event MessageReceived(address indexed caller, uint32 sourceDomain, uint64 indexed nonce, bytes32 sender, bytes messageBody)",
		({ args: a }) => {
			const from = CCTP_DOMAINS.get(Number(a["sourceDomain"]));
			const [, receiver, amount] = CCTP_BODY.exec(String(a["messageBody"])) ?? [];
			if (from === undefined || receiver === undefined) return undefined;
			return bridgeIn(`cctp:${a["sourceDomain"]}:${a["nonce"]}`, from, `0x${receiver}`, { amount: BigInt(`0x${amount}`) });
		},
	],
	[
		"layerzero-oft",
		"event OFTSent(bytes32 indexed guid, uint32 dstEid, address indexed fromAddress, uint256 amountSentLD, uint256 amountReceivedLD)",
		({ args: a }) =>
			omnichain(
				"bridge-out",
				a["guid"],
				{ amount: String(a["amountSentLD"]), outAmount: String(a["amountReceivedLD"]) },
				"toChain",
				a["dstEid"],
			),
	],
	[
		"layerzero-oft",
		"event OFTReceived(bytes32 indexed guid, uint32 srcEid, address indexed toAddress, uint256 amountReceivedLD)",
		({ args: a }) => {
			const told = omnichain("bridge-in", a["guid"], { amount: String(a["amountReceivedLD"]) }, "fromChain", a["srcEid"]);
			return told && { ...told, account: lower(a["toAddress"]) };
		},
	],
	[
		"thorchain",
		"event Deposit(address indexed to, address indexed asset, uint256 amount, string memo)",
		({ args: a }, { txHash }) => ({
			kind: "bridge-out",
			key: thorchainKey(txHash),
			details: { token: lower(a["asset"]), amount: String(a["amount"]), memo: String(a["memo"]), vault: lower(a["to"]) },
		}),
	],
	[
		"thorchain",
		"event TransferOut(address indexed vault, address indexed to, address asset, uint256 amount, string memo)",
		({ args: a }) => {
			const [, of] = /^OUT:([0-9A-Fa-f]{64})$/.exec(String(a["memo"])) ?? [];
			if (of === undefined) return undefined;
			const details = { token: lower(a["asset"]), amount: String(a["amount"]), memo: String(a["memo"]) };
			return { kind: "bridge-in", key: thorchainKey(of), account: lower(a["to"]), details };
		},
	],
	[
		"uniswap-v2",
		"event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)",
		({ args: a }) => swap(a["to"], [a["amount0In"], a["amount1In"]], [a["amount0Out"], a["amount1Out"]]),
	],
	[
		"uniswap-v3",
		"event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
		({ args: a }) => swap(a["recipient"], [a["amount0"], a["amount1"]], [-BigInt(a["amount0"]), -BigInt(a["amount1"])]),
	],
	[
		"uniswap-v4",
		"event Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)",
		({ args: a }) => swap(undefined, [-BigInt(a["amount0"]), -BigInt(a["amount1"])], [a["amount0"], a["amount1"]]),
	],
	[
		"curve",
		"event TokenExchange(address indexed buyer, int128 sold_id, uint256 tokens_sold, int128 bought_id, uint256 tokens_bought)",
		({ args: a }) => swap(a["buyer"], [a["tokens_sold"]], [a["tokens_bought"]]),
	],
	[
		"curve",
		"event TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)",
		({ args: a }) => swap(a["buyer"], [a["tokens_sold"]], [a["tokens_bought"]]),
	],
	[
		"balancer",
		"event Swap(bytes32 indexed poolId, address indexed tokenIn, address indexed tokenOut, uint256 amountIn, uint256 amountOut)",
		({ args: a }) => swap(undefined, [a["amountIn"]], [a["amountOut"]]),
	],
	[
		"tornado",
		"event Deposit(bytes32 indexed commitment, uint32 leafIndex, uint256 timestamp)",
		(_, { gasPrice }) => ({ kind: "mixer-deposit", details: { gasPrice } }),
	],
	[
		"tornado",
		"event Withdrawal(address to, bytes32 nullifierHash, address indexed relayer, uint256 fee)",
		({ args: a }, { gasPrice }) => ({
			kind: "mixer-withdrawal",
			account: lower(a["to"]),
			details: { relayer: lower(a["relayer"]), fee: String(a["fee"]), gasPrice },
		}),
	],
	[
		"erc-20",
		"event Approval(address indexed owner, address indexed spender, uint256 value)",
		({ args: a }) => approval(a["owner"], { spender: lower(a["spender"]), amount: String(a["value"]) }),
	],
	[
		"erc-721",
		"event ApprovalForAll(address indexed owner, address indexed operator, bool approved)",
		({ args: a }) => approval(a["owner"], { spender: lower(a["operator"]), amount: a["approved"] ? "all" : "0" }),
	],
	["erc-721", "event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)", nft],
	["erc-1155", "event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)", nft],
	[
		"erc-1155",
		"event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)",
		nft,
	],
	[
		"permit2",
		"event Approval(address indexed owner, address indexed token, address indexed spender, uint160 amount, uint48 expiration)",
		permit2,
	],
	[
		"permit2",
		"event Permit(address indexed owner, address indexed token, address indexed spender, uint160 amount, uint48 expiration, uint48 nonce)",
		permit2,
	],
];

/** The declaration of a protocol's event. Throws RangeError for one that is not decoded. */
export function signatureOf(protocol: string, name: string): string {
	const [, signature] = DECODERS.find(([of, text]) => of === protocol && text.startsWith(`event ${name}(`)) ?? [];
	if (signature === undefined) throw new RangeError(`no event ${name} of ${protocol} is decoded`);
	return signature;
}

interface Known {
	readonly protocol: string;
	readonly abi: Interface;
	/** Topics of its logs: ERC-20 and ERC-721 share a Transfer, and differ in what is indexed. */
	readonly topics: number;
	readonly decode: Decoder;
}

let byTopic: ReadonlyMap<string, Known> | undefined;

/** By the hash of the signature; made when the first block is decoded, since most commands decode none. */
function knownEvents(): ReadonlyMap<string, Known> {
	byTopic ??= new Map(
		DECODERS.map(([protocol, signature, decode]) => {
			const fragment = EventFragment.from(signature);
			const topics = 1 + fragment.inputs.filter(({ indexed }) => indexed).length;
			return [fragment.topicHash, { protocol, abi: new Interface([fragment]), topics, decode }];
		}),
	);
	return byTopic;
}

/** Events of known protocols in a block, in order. A log that does not fit its own signature is nobody's event. Pure. */
export function eventsOf(chain: ChainId, block: RpcBlock, receipts: readonly RpcReceipt[]): ChainEvent[] {
	const events: ChainEvent[] = [];
	const number = evmChainNumber(chain);
	const decoders = knownEvents();
	for (const [i, tx] of block.transactions.entries()) {
		const receipt = receipts[i];
		if (receipt === undefined) continue;
		const context = {
			chain: number,
			txHash: tx.hash.toLowerCase(),
			gasPrice: BigInt(receipt.effectiveGasPrice ?? tx.gasPrice ?? "0x0").toString(),
		};
		for (const log of receipt.logs) {
			const known = decoders.get(log.topics[0]?.toLowerCase() ?? "");
			if (known?.topics !== log.topics.length) continue;
			const told = decodeLog(known, log, context);
			if (told === undefined) continue;
			const { account, key, ...rest } = told;
			events.push({
				chain,
				position: { height: Number(block.number), txIndex: Number(tx.transactionIndex), eventIndex: EVENT_BAND.log + Number(log.logIndex) },
				txHash: context.txHash as Hash,
				protocol: known.protocol,
				contract: trustedAccountId(chain, log.address.toLowerCase()),
				...rest,
				...(account !== undefined && isAddress(account) ? { account: trustedAccountId(chain, account) } : {}),
				...(key === undefined ? {} : { key }),
			});
		}
	}
	return events;
}

function decodeLog(
	{ abi, decode }: Known,
	log: { readonly topics: readonly string[]; readonly data: string },
	context: Context,
): Told | undefined {
	try {
		const parsed = abi.parseLog(log);
		return parsed === null ? undefined : decode(parsed, context);
	} catch {
		// ethers throws on data that does not fit; reading a string argument that is not UTF-8 throws too.
		return undefined;
	}
}

function acrossDeposit({ args: a }: LogDescription, { chain }: Context): Told {
	return bridgeOut(`across:${chain}:${a["depositId"]}`, a["destinationChainId"], a["recipient"], {
		token: a["inputToken"],
		amount: a["inputAmount"],
		outToken: a["outputToken"],
		outAmount: a["outputAmount"],
	});
}

function acrossFill({ args: a }: LogDescription): Told {
	const { updatedRecipient, updatedOutputAmount } = a["relayExecutionInfo"] as Record<string, unknown>;
	const details = { token: a["outputToken"], amount: updatedOutputAmount };
	return bridgeIn(`across:${a["originChainId"]}:${a["depositId"]}`, a["originChainId"], updatedRecipient, details);
}

/** A crossing begins: `account` lives on the other chain, so it stands in the details. */
function bridgeOut(key: string, to: unknown, receiver: unknown, details: Record<string, unknown>): Told {
	return { kind: "bridge-out", key, details: { ...texts(details), toChain: `eip155:${to}`, receiver: lower(receiver) } };
}

function bridgeIn(key: string, from: unknown, receiver: unknown, details: Record<string, unknown>): Told {
	return { kind: "bridge-in", key, account: lower(receiver), details: { ...texts(details), fromChain: `eip155:${from}` } };
}

/** A crossing by LayerZero's token standard (OFT, version 2), by the number of its message; the other chain where its number is known here. */
function omnichain(
	kind: "bridge-out" | "bridge-in",
	guid: unknown,
	details: Record<string, string>,
	side: string,
	endpoint: unknown,
): Told | undefined {
	if (guid === NO_GUID) return undefined;
	const chain = LAYERZERO_ENDPOINTS.get(Number(endpoint));
	return { kind, key: `layerzero:${lower(guid)}`, details: { ...details, ...(chain === undefined ? {} : { [side]: `eip155:${chain}` }) } };
}

/** One asset in and one out, in base units; anything else is no exchange of one for one. */
function swap(receiver: unknown, into: readonly unknown[], out: readonly unknown[]): Told | undefined {
	const positive = (list: readonly unknown[]) => list.map((amount) => BigInt(String(amount))).filter((amount) => amount > 0n);
	const [paid, ...morePaid] = positive(into);
	const [got, ...moreGot] = positive(out);
	if (paid === undefined || got === undefined || morePaid.length + moreGot.length > 0) return undefined;
	return {
		kind: "swap",
		...(receiver === undefined ? {} : { account: lower(receiver) }),
		details: { paid: paid.toString(), got: got.toString() },
	};
}

function permit2({ args: a }: LogDescription): Told {
	return approval(a["owner"], { token: lower(a["token"]), spender: lower(a["spender"]), amount: String(a["amount"]) });
}

function approval(owner: unknown, details: Record<string, string>): Told {
	return { kind: "approval", account: lower(owner), details };
}

/** Ids that moved; of ERC-1155 with how many of each, which is not kept. */
function nft({ args: a }: LogDescription): Told | undefined {
	// An array of ids is read whole, or throws. `ids` stands where the event has several.
	const count = a.length === BATCH_ARGUMENTS && Array.isArray(a[3]) ? a[3].length : 1;
	const [from, to] = [lower(a["from"]), lower(a["to"])];
	return count === 0 ? undefined : { kind: "nft-transfer", account: to, details: { from, to, count: String(count) } };
}

function thorchainKey(txHash: string): string {
	return `thorchain:${txHash.replace(/^0x/, "").toLowerCase()}`;
}

function texts(details: Record<string, unknown>): Record<string, string> {
	return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, lower(value)]));
}

/** Text in lower case; an address that is padded to 32 bytes comes as 20. */
function lower(value: unknown): string {
	return String(value)
		.toLowerCase()
		.replace(/^0x0{24}([0-9a-f]{40})$/, "0x$1");
}
