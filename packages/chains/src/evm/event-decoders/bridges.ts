import { id, type LogDescription } from "ethers";
import type { RpcLog } from "../shapes.js";
import { type Context, type DecodedEvent, lower, type Told, texts } from "./decoder.js";
import { DLN_EVENTS } from "./dln.js";

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
/** A CCTP burn message: version (4 bytes), token (32), receiver (32), amount (32), sender (32). */
const CCTP_BODY = /^0x[0-9a-f]{8}([0-9a-f]{64})([0-9a-f]{64})([0-9a-f]{64})([0-9a-f]{64})$/i;
/** What CCTP logs in the same transaction of the token that it minted: its receiver and contract indexed, then the amount. */
const MINT_AND_WITHDRAW = id("MintAndWithdraw(address,uint256,address)");

/**
 * Events of bridges. Of what went in: `token`, `amount`, `depositor` (who paid), and where it goes: `toChain`, `receiver`, `outToken`,
 * `outAmount`. Of what came out: `token`, `amount`, and, as the deposit had them, `fromChain`, `depositor`, `inToken`, `inAmount`,
 * `receiver`, `outAmount`. What a protocol does not tell is absent.
 */
export const BRIDGE_EVENTS: readonly DecodedEvent[] = [
	...DLN_EVENTS,
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
		({ args: a }) =>
			bridgeOut(`celer:${a["transferId"]}`, a["dstChainId"], a["receiver"], {
				depositor: a["sender"],
				token: a["token"],
				amount: a["amount"],
			}),
	],
	[
		"celer",
		"event Relay(bytes32 transferId, address sender, address receiver, address token, uint256 amount, uint64 srcChainId, bytes32 srcTransferId)",
		({ args: a }) =>
			bridgeIn(`celer:${a["srcTransferId"]}`, a["srcChainId"], a["receiver"], {
				depositor: a["sender"],
				token: a["token"],
				amount: a["amount"],
			}),
	],
	[
		"cctp",
		"event DepositForBurn(uint64 indexed nonce, address indexed burnToken, uint256 amount, address indexed depositor, bytes32 mintRecipient, uint32 destinationDomain, bytes32 destinationTokenMessenger, bytes32 destinationCaller)",
		({ args: a }, { chain }) => {
			const to = CCTP_DOMAINS.get(Number(a["destinationDomain"]));
			const own = [...CCTP_DOMAINS].find(([, number]) => number === chain)?.[0];
			if (to === undefined || own === undefined) return undefined;
			const [token, amount] = [a["burnToken"], a["amount"]];
			const details = { depositor: a["depositor"], token, amount, outAmount: amount };
			return bridgeOut(`cctp:${own}:${a["nonce"]}`, to, a["mintRecipient"], details);
		},
	],
	[
		"cctp",
		"event MessageReceived(address indexed caller, uint32 sourceDomain, uint64 indexed nonce, bytes32 sender, bytes messageBody)",
		({ args: a }, { logs }) => {
			const from = CCTP_DOMAINS.get(Number(a["sourceDomain"]));
			const [, inToken, receiver, of, depositor] = CCTP_BODY.exec(String(a["messageBody"])) ?? [];
			if (from === undefined || receiver === undefined) return undefined;
			const amount = BigInt(`0x${of}`);
			const token = mintedFor(receiver, amount, logs);
			return bridgeIn(`cctp:${a["sourceDomain"]}:${a["nonce"]}`, from, `0x${receiver}`, {
				...(token === undefined ? {} : { token }),
				amount,
				inToken: `0x${inToken}`,
				inAmount: amount,
				depositor: `0x${depositor}`,
			});
		},
	],
	[
		"layerzero-oft",
		"event OFTSent(bytes32 indexed guid, uint32 dstEid, address indexed fromAddress, uint256 amountSentLD, uint256 amountReceivedLD)",
		({ args: a }) =>
			omnichain(
				"bridge-out",
				a["guid"],
				{ depositor: lower(a["fromAddress"]), amount: String(a["amountSentLD"]), outAmount: String(a["amountReceivedLD"]) },
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
];

function acrossDeposit({ args: a }: LogDescription, { chain }: Context): Told {
	return bridgeOut(`across:${chain}:${a["depositId"]}`, a["destinationChainId"], a["recipient"], {
		depositor: a["depositor"],
		token: a["inputToken"],
		amount: a["inputAmount"],
		outToken: a["outputToken"],
		outAmount: a["outputAmount"],
	});
}

/**
 * A fill states the deposit's own terms, and whom and how much its update names: the contract checked the depositor's signature of that.
 */
function acrossFill({ args: a }: LogDescription): Told {
	const { updatedRecipient, updatedOutputAmount } = a["relayExecutionInfo"] as Record<string, unknown>;
	const details = {
		depositor: a["depositor"],
		inToken: a["inputToken"],
		inAmount: a["inputAmount"],
		receiver: a["recipient"],
		outAmount: a["outputAmount"],
		token: a["outputToken"],
		amount: updatedOutputAmount,
	};
	return bridgeIn(`across:${a["originChainId"]}:${a["depositId"]}`, a["originChainId"], updatedRecipient, details);
}

/** A crossing begins: `account` lives on the other chain, so it stands in the details. */
function bridgeOut(key: string, to: unknown, receiver: unknown, details: Record<string, unknown>): Told {
	return { kind: "bridge-out", key, details: { ...texts(details), toChain: `eip155:${to}`, receiver: lower(receiver) } };
}

function bridgeIn(key: string, from: unknown, receiver: unknown, details: Record<string, unknown>): Told {
	return { kind: "bridge-in", key, account: lower(receiver), details: { ...texts(details), fromChain: `eip155:${from}` } };
}

/** The token that CCTP says it minted; undefined where nobody says, or logs of the transaction say several. */
function mintedFor(receiver: string, amount: bigint, logs: readonly RpcLog[]): string | undefined {
	const own = logs
		.filter(({ data }) => isNumber(data, amount))
		.map(({ topics }) => topics.map((topic) => topic.toLowerCase()))
		.filter(([event, to]) => event === MINT_AND_WITHDRAW && to === `0x${receiver}`.toLowerCase());
	const [token, ...others] = new Set(own.map(([, , of]) => of));
	return others.length > 0 ? undefined : token;
}

function isNumber(data: string, expected: bigint): boolean {
	return data.toLowerCase() === `0x${expected.toString(16).padStart(64, "0")}`;
}

/** A crossing by LayerZero's token standard (OFT, version 2), by its message's number; the other chain where its number is known here. */
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

function thorchainKey(txHash: string): string {
	return `thorchain:${txHash.replace(/^0x/, "").toLowerCase()}`;
}
