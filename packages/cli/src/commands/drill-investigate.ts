import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ChainId, coinOf, formatAmount, InputError, nativeAsset, parseAccount, parseAmount } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { drawing, type Finding, markFindings } from "@clew/lessons";
import { PLAYBOOKS, SIMULATED_CHAIN, simulate, type Theft } from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import { height, positive } from "../arguments.js";
import type { Context } from "../context.js";
import { json } from "../output.js";
import { CASE, storeWorld } from "../simulated-world.js";
import { printTable } from "../table.js";

/** Transfers of a world to practise in: an afternoon's work, not a chain. */
const WORLD_SIZE = 5_000;

/** `clew drill investigate`: a theft whose truth is known, and marks for whoever says where the money is. */
export function investigateDrill(context: Context) {
	return new Command("investigate")
		.description("for investigators: a made-up theft as a case; say where the money is, and be marked against the truth")
		.option("--seed <n>", "chooses the world and the theft", height, 1)
		.option("--size <transfers>", "about how many transfers the world has", positive, WORLD_SIZE)
		.option("--out <folder>", "a new folder for the case and the task")
		.option(
			"--answer <file>",
			"mark this answer (CSV: account,amount; amounts such as 1.5native, or base units): the same --seed and --size say what it is about",
		)
		.option("--json", "as one JSON object (schema clew.drill-investigate/1)", false)
		.action(async (options) => {
			if ((options.out === undefined) === (options.answer === undefined))
				throw new InputError("give --out to begin, or --answer to be marked", { code: "USAGE" });
			const world = simulate({ seed: options.seed, size: options.size, playbooks: PLAYBOOKS });
			if (options.out !== undefined) await writeTask(context, world, options, options.out);
			else for (const _ of world.blocks) context.signal.throwIfAborted();
			const theft = drawing(options.seed).of(world.truth.thefts);
			if (options.answer === undefined) return tellTask(context, theft, options);
			mark(context, theft, world.truth.chain as ChainId, options.answer, options.json);
		});
}

interface TaskOptions {
	readonly seed: number;
	readonly size: number;
	readonly out?: string | undefined;
	readonly json: boolean;
}

async function writeTask(context: Context, world: ReturnType<typeof simulate>, { seed }: TaskOptions, out: string): Promise<void> {
	if (existsSync(out)) throw new InputError(`${out} is there already`, { code: "USAGE", hint: "Name a new folder." });
	mkdirSync(out);
	const title = `drill ${seed}: a made-up theft`;
	const store = await createCase(join(out, CASE), { title, chain: world.truth.chain as ChainId, at: context.now() });
	try {
		await storeWorld(store, world, context);
		context.clearProgress();
	} finally {
		await store.close();
	}
}

function tellTask(context: Context, { victim, transaction, amount }: Theft, { seed, size, out = "", json: asJson }: TaskOptions): void {
	const place = join(out, CASE);
	if (asJson) {
		context.print(json({ schema: "clew.drill-investigate/1", seed, size, case: place, victim, transaction, amount }));
		return;
	}
	context.print(
		[
			`${place}: a made-up chain with one theft for you.`,
			`Taken from ${victim}: ${coins(BigInt(amount))} coins, in transaction ${transaction}.`,
			"Where is the money now? Write a CSV with the columns account,amount (such as 1.5native), a row for each place, then:",
			`  clew drill investigate --seed ${seed} --size ${size} --answer answer.csv`,
			"Whoever is named and holds none of it would have been accused wrongly, and counts against you.",
		].join("\n"),
	);
}

const coins = (amount: bigint) => formatAmount(amount, coinOf(SIMULATED_CHAIN).decimals);

function mark(context: Context, { ends, stops, playbook }: Theft, chain: ChainId, file: string, asJson: boolean): void {
	const marked = markFindings(ends, findingsIn(file, chain));
	const share = (part: bigint) => (marked.stolen === 0n ? 0 : Number((part * 1_000n) / marked.stolen));
	if (asJson) {
		const shown = { stolen: marked.stolen, right: marked.right, wrong: marked.wrong, accused: marked.accused, ends: marked.ends };
		context.print(json({ schema: "clew.drill-investigate/1", playbook, rightThousandths: share(marked.right), ...shown }));
		return;
	}
	context.print(`You placed ${share(marked.right) / 10} % of the money where it is, and ${coins(marked.wrong)} coins where it is not.`);
	printTable(
		context,
		[{ title: "where it is" }, { title: "what that is" }, { title: "there", right: true }, { title: "you said", right: true }],
		marked.ends.map(({ account, there, found }) => [account, stops[account] ?? "", coins(there), coins(found)]),
	);
	for (const account of marked.accused) context.print(`accused wrongly: ${account}`);
	context.note(`the thief's way: ${playbook}`);
}

const MOST_ROWS = 10_000;

/** Rows of an answer. Throws InputError with the line. */
function findingsIn(file: string, chain: ChainId): Finding[] {
	const lines = readFileSync(file, "utf8").split(/\r?\n/);
	if (lines.length > MOST_ROWS) throw new InputError(`has more than ${MOST_ROWS} lines`, { where: file });
	return lines.flatMap((line, i) => {
		const [account = "", amount = "", ...more] = line.split(",").map((cell) => cell.trim());
		if (line.trim() === "" || (i === 0 && account.toLowerCase() === "account")) return [];
		const where = `${file}:${i + 1}`;
		if (more.length > 0 || amount === "") throw new InputError("a row is account,amount", { where });
		try {
			return [{ account: parseAccount(account, chain), amount: parseAmount(amount, nativeAsset(chain)) }];
		} catch (cause) {
			throw new InputError(cause instanceof Error ? cause.message : "is no account and amount", { where, cause });
		}
	});
}
