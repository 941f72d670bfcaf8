import type { LogDescription } from "ethers";
import { type DecodedEvent, lower, type Told, texts } from "./decoder.js";

/** An order as DlnSource and DlnDestination log it (docs.debridge.finance, "DLN", contracts DlnOrderLib). */
const ORDER =
	"tuple(uint64 makerOrderNonce, bytes makerSrc, uint256 giveChainId, bytes giveTokenAddress, uint256 giveAmount, uint256 takeChainId, bytes takeTokenAddress, uint256 takeAmount, bytes receiverDst, bytes givePatchAuthoritySrc, bytes orderAuthorityAddressDst, bytes allowedTakerDst, bytes allowedCancelBeneficiarySrc, bytes externalCall) order";
/** deBridge numbers EVM chains as EIP-155 does; what lies above is another kind of chain. */
const EVM_CHAINS_BELOW = 7_565_164n;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const NOBODY = `0x${"0".repeat(40)}`;
/** Twenty bytes of who gets it, then the amount. */
const AFFILIATE_FEE = /^0x[0-9a-f]{40}([0-9a-f]{64})$/;

/**
 * Orders of deBridge's DLN: a solver pays the receiver on the other chain, and is paid what the order gave. The order's number is the same
 * on both sides. Orders to and from chains that are not EVM are left out.
 */
export const DLN_EVENTS: readonly DecodedEvent[] = [
	[
		"dln",
		`event CreatedOrder(${ORDER}, bytes32 orderId, bytes affiliateFee, uint256 nativeFixFee, uint256 percentFee, uint32 referralCode, bytes metadata)`,
		created,
	],
	["dln", `event FulfilledOrder(${ORDER}, bytes32 orderId, address sender, address unlockAuthority)`, fulfilled],
];

/** What the order gives is what is left of what was paid in: both fees come off it, and with coins the fixed one is paid along. */
function created({ args: a }: LogDescription): Told | undefined {
	const order = termsOf(a["order"]);
	if (order === undefined) return undefined;
	const affiliate = BigInt(`0x${AFFILIATE_FEE.exec(lower(a["affiliateFee"]))?.[1] ?? "0"}`);
	const along = order.give === NOBODY ? BigInt(a["nativeFixFee"]) : 0n;
	return {
		kind: "bridge-out",
		key: `dln:${lower(a["orderId"])}`,
		details: {
			...texts({ depositor: order.maker, token: order.give, outToken: order.take, receiver: order.receiver }),
			amount: (order.giveAmount + BigInt(a["percentFee"]) + affiliate + along).toString(),
			outAmount: order.takeAmount.toString(),
			toChain: `eip155:${order.takeChain}`,
		},
	};
}

function fulfilled({ args: a }: LogDescription): Told | undefined {
	const order = termsOf(a["order"]);
	if (order === undefined) return undefined;
	return {
		kind: "bridge-in",
		key: `dln:${lower(a["orderId"])}`,
		account: order.receiver,
		details: {
			...texts({ depositor: order.maker, token: order.take, receiver: order.receiver }),
			amount: order.takeAmount.toString(),
			outAmount: order.takeAmount.toString(),
			fromChain: `eip155:${order.giveChain}`,
		},
	};
}

/** Undefined for an order with a side that is no EVM chain. */
function termsOf(order: LogDescription["args"]) {
	const [maker, give, take, receiver] = ["makerSrc", "giveTokenAddress", "takeTokenAddress", "receiverDst"].map((name) =>
		lower(order[name]),
	);
	const [giveChain, takeChain] = [BigInt(order["giveChainId"]), BigInt(order["takeChainId"])];
	if (maker === undefined || give === undefined || take === undefined || receiver === undefined) return undefined;
	if (![maker, give, take, receiver].every((address) => ADDRESS.test(address))) return undefined;
	if (giveChain >= EVM_CHAINS_BELOW || takeChain >= EVM_CHAINS_BELOW) return undefined;
	return {
		maker,
		give,
		take,
		receiver,
		giveChain,
		takeChain,
		giveAmount: BigInt(order["giveAmount"]),
		takeAmount: BigInt(order["takeAmount"]),
	};
}
