import { addressOf, type ChainId, wrappedCoin } from "@clew/core";
import { wrappingOf } from "../evm/logs.js";
import type { CallFrame, ParityTrace, RpcBlock, RpcLog, RpcReceipt, RpcTransaction } from "../evm/shapes.js";

export type Frame = { -readonly [K in keyof CallFrame]: CallFrame[K] };

interface Block {
	readonly block: RpcBlock;
	readonly receipts: readonly RpcReceipt[];
}

/** The outermost calls of a block, as they must be by its transactions and receipts: what a node tells that leaves out all others. */
export function outermostCalls({ block, receipts }: Block): Frame[] {
	return block.transactions.map((tx, i) => ({
		type: tx.to == null ? "CREATE" : "CALL",
		from: tx.from,
		to: tx.to ?? receipts[i]?.contractAddress,
		value: tx.value,
		input: String(tx["input"]),
		...(receipts[i]?.status === "0x0" ? { error: "execution reverted" } : {}),
	}));
}

/** The same with the calls inside that a block's logs show: one into each contract that logs, and what pays each wrapping of the coin. */
export function callsBehindLogs(chain: ChainId, told: Block): Frame[] {
	return outermostCalls(told).map((own, i) => ({
		...own,
		calls: (told.receipts[i]?.logs ?? []).flatMap((log) =>
			behind(chain, log, told.block.transactions[i] as RpcTransaction, String(own.to)),
		),
	}));
}

/** Who logs as the precompile of Bor that nobody calls. */
const BOR = `0x${"1010".padStart(40, "0")}`;

function behind(chain: ChainId, log: RpcLog, tx: RpcTransaction, own: string): Frame[] {
	const call = (from: string, to: string, amount = 0n, ...calls: Frame[]): Frame[] =>
		from === to ? calls : [{ type: "CALL", from, to, value: `0x${amount.toString(16)}`, calls }];
	const contract = log.address;
	const wrapped = wrappingOf(log, chain);
	if (wrapped === undefined || wrapped.contract !== wrappedCoin(chain)?.contract) return contract === BOR ? [] : call(own, contract);
	const account = addressOf(wrapped.account);
	if (!wrapped.minted) {
		const payment = call(contract, account, wrapped.amount);
		return own === contract ? payment : call(own, account, 0n, ...call(account, contract, 0n, ...payment));
	}
	// The transaction itself may be the payment.
	return own === contract && account === tx.from ? [] : call(own, account, 0n, ...call(account, contract, wrapped.amount));
}

/** A call and those inside it as `trace_block` lists them. */
export function asParity({ type, from, to, value, input, error, calls }: Frame, hash: string, path: readonly number[] = []): ParityTrace[] {
	const kind = type.toLowerCase();
	const isCreation = kind === "create";
	const own: ParityTrace = {
		type: isCreation ? "create" : "call",
		action: { from, value, ...(isCreation ? { init: input } : { to, input, callType: kind }) },
		...(isCreation ? { result: { address: to } } : {}),
		...(error == null ? {} : { error: "Reverted" }),
		traceAddress: [...path],
		transactionHash: hash,
	};
	// Twice the place: a list leaves calls of precompiles out.
	return [own, ...(calls ?? []).flatMap((child, i) => asParity(child, hash, [...path, 2 * i]))];
}
