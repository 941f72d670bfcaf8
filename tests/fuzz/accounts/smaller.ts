import { less } from "../shrink.js";
import type { Transaction } from "./model.js";
import type { Ask, FilePlan, World } from "./world.js";

/** A world with less in it: questions, files, transactions, movements, seeds, then options at their defaults. */
export function* smallerWorlds(world: World): Generator<World> {
	const { transactions, files, asks } = world;
	for (const ask of asks.length > 1 ? asks : []) yield { ...world, asks: [ask] };
	for (const some of less(files)) yield { ...world, files: some };
	for (const some of less(transactions)) yield { ...world, transactions: some };
	for (const [n, ask] of asks.entries()) for (const one of smallerAsks(ask)) yield { ...world, asks: asks.with(n, one) };
	for (const [n, tx] of transactions.entries())
		for (const one of smallerTransactions(tx)) yield { ...world, transactions: transactions.with(n, one) };
	for (const [n, file] of files.entries()) for (const one of simplerFiles(file)) yield { ...world, files: files.with(n, one) };
}

function* smallerAsks(ask: Ask): Generator<Ask> {
	for (const seeds of ask.seeds.length > 1 ? less(ask.seeds) : []) yield { ...ask, seeds };
	if (ask.dust > 0) yield { ...ask, dust: 0 };
	if (ask.serviceTransfers < 1000) yield { ...ask, serviceTransfers: 1000 };
	if (ask.until < 1000) yield { ...ask, until: 1000 };
	if (ask.conversions) yield { ...ask, conversions: false };
}

function* smallerTransactions(tx: Transaction): Generator<Transaction> {
	for (const calls of less(tx.calls)) yield { ...tx, calls };
	for (const tokens of less(tx.tokens)) yield { ...tx, tokens };
	if (tx.fee > 0) yield { ...tx, fee: 0 };
	if (tx.value > 0) yield { ...tx, value: 0 };
}

function* simplerFiles(file: FilePlan): Generator<FilePlan> {
	if (file.json) yield { ...file, json: false };
	if (file.paths) yield { ...file, paths: false };
	if (file.shuffle > 0) yield { ...file, shuffle: 0 };
	for (const transactions of less(file.transactions)) yield { ...file, transactions };
}
