import { addressOf, type ChainEvent, evmChainNumber, InputError, ZERO_ADDRESS } from "@clew/core";
import { Interface, type InterfaceAbi, keccak256 } from "ethers";
import { signatureOf } from "../evm/events.js";

const EMPTY = "0x";
const TRANSFER = new Interface(["event Transfer(address indexed from, address indexed to, uint256 value)"]);

/** What a contract logs: topics and data. */
export type RawLog = ReturnType<Interface["encodeEventLog"]>;

/** The log of a token transfer (EIP-20). */
export function transferLog(from: string, to: string, amount: bigint): RawLog {
	return TRANSFER.encodeEventLog("Transfer", [from, to, amount]);
}

/** The name of the log and its arguments that a decoder would read as this event. */
type Encoder = (event: ChainEvent) => readonly [name: string, values: readonly unknown[]];

const ENCODERS: Readonly<Record<string, Encoder>> = {
	"uniswap-v2 swap": ({ contract, account = contract, details: d }) => [
		"Swap",
		[addressOf(account), d["paid"], 0, 0, d["got"], addressOf(account)],
	],
	"across bridge-out": ({ key, details: d }) => {
		const deposit = [d["token"], d["outToken"], d["amount"], d["outAmount"], numberIn(d["toChain"]), depositIn(key), 0, 0, 0];
		return ["V3FundsDeposited", [...deposit, d["depositor"], d["receiver"], ZERO_ADDRESS, EMPTY]];
	},
	"across bridge-in": ({ account, contract, key, details: d }) => {
		const receiver = addressOf(account ?? contract);
		const relay = [d["inToken"], d["token"], d["inAmount"], d["outAmount"], 1, numberIn(d["fromChain"]), depositIn(key), 0, 0];
		const parties = [ZERO_ADDRESS, ZERO_ADDRESS, d["depositor"], d["receiver"]];
		return ["FilledV3Relay", [...relay, ...parties, EMPTY, [receiver, EMPTY, d["amount"], 0]]];
	},
	"tornado mixer-deposit": ({ txHash }) => ["Deposit", [keccak256(txHash), 0, 0]],
	"tornado mixer-withdrawal": ({ account, contract, txHash, details: d }) => [
		"Withdrawal",
		[addressOf(account ?? contract), keccak256(txHash), d["relayer"], d["fee"]],
	],
	"erc-20 approval": ({ account, contract, details: d }) => ["Approval", [addressOf(account ?? contract), d["spender"], d["amount"]]],
};

const abis = new Map<string, Interface>();

/** The log that is decoded as this event again. Throws InputError (USAGE) for protocols that nobody acts. */
export function eventLog(event: ChainEvent): RawLog {
	const encode = ENCODERS[`${event.protocol} ${event.kind}`];
	if (encode === undefined) throw new InputError(`${event.protocol} ${event.kind} cannot be acted`, { code: "USAGE" });
	const [name, values] = encode(event);
	const signature = signatureOf(event.protocol, name);
	const abi = abis.get(signature) ?? new Interface([signature] satisfies InterfaceAbi);
	abis.set(signature, abi);
	return abi.encodeEventLog(name, values);
}

function numberIn(chain: string | undefined): bigint {
	return evmChainNumber(chain as ChainEvent["chain"]);
}

/** The number of a deposit in the key of its crossing. */
function depositIn(key: string | undefined): string {
	return key?.split(":")[2] ?? "0";
}
