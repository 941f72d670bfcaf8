import {
	addressOf,
	type ChainEvent,
	type ChainId,
	evmChainNumber,
	groupBy,
	type Hash,
	isNative,
	NodeError,
	nullAccount,
	type TransactionRecord,
	type TransferRecord,
	throwIfAborted,
	tokenContract,
} from "@clew/core";
import { concat, Transaction, toQuantity } from "ethers";
import { z } from "zod";
import { parseAnswer } from "../evm/answers.js";
import { type RpcClient, type RpcOptions, rpcClient } from "../evm/rpc-client.js";
import { quantity } from "../evm/shapes.js";
import type { Keyring } from "./keyring.js";
import { eventLog, transferLog } from "./logs.js";
import { callStep, logStep, PUPPET_CODE } from "./puppet.js";

/** A block of a made-up world, to be played: every transfer with its place, and what each transaction pays per gas, wei. */
export interface PlayedBlock {
	readonly chain: ChainId;
	readonly height: number;
	readonly transactions: readonly (TransactionRecord & { readonly gasPrice: bigint })[];
	readonly events: readonly ChainEvent[];
}

/** Plays blocks of an account chain on a node. */
export interface EvmPlayer {
	/** Makes the block real; blocks come in order. Throws NodeError. */
	play(block: PlayedBlock): Promise<void>;
	/** The real hash of a transaction that was played. */
	hashOf(madeUp: string): string;
	close(): void;
}

const HINT = "Start one with: anvil --chain-id NUMBER --order fifo --disable-pool-balance-checks --base-fee 0";
const FAUCET = "faucet";
/** More than a world needs, in wei. */
const PLENTY = 2n ** 120n;
const BLOCK_GAS = 1_000_000_000n;
const ENDOWMENT_GAS = 200_000n;
const SECONDS_PER_BLOCK = 12;

const genesisShape = z.looseObject({ timestamp: quantity });
const receiptsShape = z.array(z.looseObject({ transactionHash: z.string(), status: z.literal("0x1") }));

/**
 * Opens a fresh anvil for playing: everybody signs with a key of the keyring, contracts are puppets, money comes from one account. Any
 * other node does not know the calls that set it up. Throws NodeError, also when the chain has blocks already.
 */
export async function playOnAnvil(url: string, chain: ChainId, keyring: Keyring, options: RpcOptions = {}): Promise<EvmPlayer> {
	// Nothing is sent twice: a transaction that was sent and not answered would be played again.
	const client = rpcClient(url, { ...options, attempts: 1, batch: 1 });
	const faucet = keyring.addressOf(FAUCET);
	const refuse = (what: string) => new NodeError("NODE_BAD_ANSWER", client.name, what, { hint: HINT });
	let start: number;
	try {
		if ((await client.call("eth_blockNumber", [])) !== "0x0") throw refuse("has blocks already; a world is played on a fresh chain");
		const genesis = await client.call("eth_getBlockByNumber", ["0x0", false]);
		start = Number(parseAnswer(client.name, genesisShape, genesis, "eth_getBlockByNumber", 0).timestamp);
		await client.call("anvil_dropAllTransactions", []);
		await client.call("evm_setAutomine", [false]);
		await client.call("evm_setBlockGasLimit", [toQuantity(BLOCK_GAS)]);
		await client.call("anvil_setBalance", [faucet, toQuantity(PLENTY)]);
	} catch (error) {
		client.close();
		throw error;
	}
	const hashes = new Map<string, string>();
	const puppets = new Set<string>();
	const nonces = new Map<string, number>();
	let [offset, next] = [undefined as number | undefined, 1];

	async function pull(address: string): Promise<void> {
		if (puppets.has(address)) return;
		puppets.add(address);
		await client.call("anvil_setCode", [address, PUPPET_CODE]);
	}

	async function send(played: PlayedBlock["transactions"][number], events: readonly ChainEvent[]): Promise<string> {
		const { from = faucet, to, value, data, gas } = callOf(chain, played, events);
		for (const address of data.puppets) await pull(address);
		const nonce = nonces.get(from) ?? 0;
		nonces.set(from, nonce + 1);
		const transaction = Transaction.from({
			type: 0,
			chainId: evmChainNumber(chain),
			nonce,
			to,
			value,
			gasLimit: gas,
			gasPrice: played.gasPrice,
			data: data.bytes,
		});
		transaction.signature = keyring.keyOf(from).sign(transaction.unsignedHash);
		return String(await client.call("eth_sendRawTransaction", [transaction.serialized]));
	}

	return {
		async play({ height, transactions, events }) {
			throwIfAborted(options.signal);
			offset ??= height - 1;
			const target = height - offset;
			if (target > next) await client.call("anvil_mine", [toQuantity(target - next), toQuantity(SECONDS_PER_BLOCK)]);
			const own = groupBy(events, ({ txHash }) => txHash);
			const sent: string[] = [];
			for (const transaction of transactions) {
				sent.push(await send(transaction, own.get(transaction.hash) ?? []));
				hashes.set(transaction.hash, sent[sent.length - 1] as string);
			}
			await mine(client, { height: target, time: start + target * SECONDS_PER_BLOCK }, sent, refuse);
			next = target + 1;
		},
		hashOf: (madeUp) => hashes.get(madeUp) ?? madeUp,
		close: () => client.close(),
	};
}

/** Ends the block, and makes sure that it holds what was sent, in order, and that all of it went well. */
async function mine(
	client: RpcClient,
	{ height, time }: { readonly height: number; readonly time: number },
	sent: readonly string[],
	refuse: (what: string) => NodeError,
): Promise<void> {
	await client.call("anvil_setNextBlockBaseFeePerGas", ["0x0"]);
	await client.call("evm_setNextBlockTimestamp", [time]);
	await client.call("evm_mine", []);
	const receipts = receiptsShape.safeParse(await client.call("eth_getBlockReceipts", [toQuantity(height)]));
	if (!receipts.success) throw refuse(`block ${height}: a transaction failed`);
	const mined = receipts.data.map(({ transactionHash }) => transactionHash as Hash);
	if (mined.join() !== sent.join()) throw refuse(`block ${height} does not hold the transactions that were sent, in their order`);
}

interface Call {
	/** Undefined for money from nowhere. */
	readonly from: string | undefined;
	readonly to: string;
	readonly value: bigint;
	readonly gas: bigint;
	readonly data: { readonly bytes: string; readonly puppets: ReadonlySet<string> };
}

/** The call that does what a made-up transaction did. */
function callOf(chain: ChainId, { transfers, gasPrice }: PlayedBlock["transactions"][number], events: readonly ChainEvent[]): Call {
	const fee = transfers.find(({ kind }) => kind === "fee");
	const direct = transfers.find(({ kind }) => kind === "native" || kind === "withdrawal");
	const steps = stepsOf(
		transfers.filter((t) => t !== fee && t !== direct),
		events,
	);
	const to = direct === undefined ? steps[0]?.by : addressOf(direct.to);
	const from = fee === undefined ? undefined : addressOf(fee.from);
	if (to === undefined) return { from, to: addressOf(nullAccount(chain)), value: 0n, gas: ENDOWMENT_GAS, data: NOTHING };
	return {
		from,
		to,
		value: direct?.amount ?? 0n,
		gas: fee === undefined ? ENDOWMENT_GAS : fee.amount / gasPrice,
		data: {
			bytes: concat(steps.map(({ by, bytes }) => (by === to ? bytes : callStep(by, 0n, bytes)))),
			puppets: new Set(steps.map(({ by }) => by)),
		},
	};
}

const NOTHING: Call["data"] = { bytes: "0x", puppets: new Set() };

/** What contracts do in a transaction, in order: payments, then token transfers and logs. */
function stepsOf(transfers: readonly TransferRecord[], events: readonly ChainEvent[]): { readonly by: string; readonly bytes: string }[] {
	const steps = transfers.map(({ from, to, asset, amount, eventIndex = 0 }) => {
		const token = tokenContract(asset);
		if (isNative(asset) || token === undefined) return { at: eventIndex, by: addressOf(from), bytes: callStep(addressOf(to), amount) };
		return { at: eventIndex, by: addressOf(token), bytes: logStep(transferLog(addressOf(from), addressOf(to), amount)) };
	});
	for (const event of events) steps.push({ at: event.position.eventIndex, by: addressOf(event.contract), bytes: logStep(eventLog(event)) });
	return steps.sort((a, b) => a.at - b.at);
}
