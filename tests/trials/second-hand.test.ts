import { canonicalJson, FEE_CONVENTIONS, type FeeConvention, InputError } from "@clew/core";
import { memoryLedger, TEST_CHAIN } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import type { Trace } from "../../packages/evidence/src/verify/formats.js";
import { checkRules } from "../../packages/evidence/src/verify/second-hand/check-rules.js";
import { ledgerLines } from "../../packages/tracer/src/ledger-lines.js";
import { type AccountWorld, accountWorld } from "../../packages/tracer/src/oracle/account-worlds.test-util.js";
import { askedOf, type OutputWorld, outputWorld } from "../../packages/tracer/src/oracle/output-worlds.test-util.js";
import { buildResult } from "../../packages/tracer/src/result.js";
import { parseSeed } from "../../packages/tracer/src/seeds.js";
import { DEFAULT_STOP_PARAMETERS } from "../../packages/tracer/src/stops.js";
import { defaultRequest, runTrace, type TraceRequest } from "../../packages/tracer/src/trace.js";

const WORLDS = Number(process.env["WORLDS"] ?? 1_500);

interface Told {
	readonly trace: Trace;
	readonly lines: readonly string[];
}

/** A world's trace with its ledgers, as a bundle has them; undefined where a seed is refused. */
async function accounts({ question, options, specs, dust }: AccountWorld): Promise<Told | undefined> {
	const source = memoryLedger(question.transfers, options);
	// One set of options goes for all seeds of a command.
	const [{ asset, limit, since = 0 } = {}] = specs;
	const seeds = specs.map(({ spec }) =>
		parseSeed(spec, TEST_CHAIN, {
			...(asset ? { asset } : {}),
			...(limit === undefined ? {} : { amount: limit }),
			...(spec.startsWith("account:") ? { since } : {}),
		}),
	);
	const request = {
		...defaultRequest(TEST_CHAIN, seeds),
		dust,
		conversions: question.conversions,
		until: question.until,
		stops: { ...DEFAULT_STOP_PARAMETERS, serviceTransfers: question.serviceTransfers },
	};
	try {
		return await told(request, source);
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

async function told(request: TraceRequest, source: Parameters<typeof ledgerLines>[1]): Promise<Told> {
	const run = await runTrace(request, { source });
	const result = await buildResult(run, source, { id: "c", title: "t", cutoff: 0, sources: [] });
	return { trace: JSON.parse(canonicalJson(result)) as Trace, lines: ((await ledgerLines(run, source)) ?? []).map(canonicalJson) };
}

function failuresOf({ trace, lines }: Told): string[] {
	const failures: string[] = [];
	checkRules(lines, trace, (where, what) => void failures.push(`${where}: ${what}`));
	return failures;
}

/** A block has one coinbase, its first transaction, and nothing spends it in the same block; these chains may be otherwise. */
function hasHonestCoinbases(transactions: OutputWorld["question"]["transactions"]): boolean {
	const coinbases = new Map(transactions.filter(({ coinbase }) => coinbase).map(({ txid, height }) => [txid, height]));
	return transactions.every(
		({ coinbase, txIndex, height, inputs }) =>
			coinbase === (txIndex === 0) && inputs.every(({ outpoint }) => coinbases.get(outpoint.txid) !== height),
	);
}

/** One set of options goes for all seeds of a command. */
function withOneOption(world: OutputWorld): OutputWorld {
	const [{ limit, since = 0 } = {}] = world.specs;
	return {
		...world,
		specs: world.specs.map(({ spec, account }) => ({
			spec,
			...(account === undefined ? {} : { account, since }),
			...(limit === undefined ? {} : { limit }),
		})),
	};
}

/** The same of a Bitcoin chain; under the third fee convention, too. */
async function outputs(world: OutputWorld, fee: FeeConvention): Promise<Told | undefined> {
	try {
		const { source, request } = askedOf(world);
		return await told({ ...request, fee }, source);
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

describe("the second hand against the engine", () => {
	it(`says the same of ${WORLDS} account worlds`, { timeout: 600_000 }, async () => {
		let answered = 0;
		for (let number = 1; number <= WORLDS; number++) {
			const world = accountWorld(number);
			const found = await accounts(world);
			if (found === undefined) continue;
			answered++;
			expect(failuresOf(found), `world ${number}: ${world.specs.map(({ spec }) => spec).join(" ")}`).toEqual([]);
		}
		expect(answered).toBeGreaterThan(WORLDS / 3);
	});
	it(`says the same of ${WORLDS} Bitcoin chains, under every fee convention`, { timeout: 600_000 }, async () => {
		let answered = 0;
		for (let number = 1; number <= WORLDS; number++) {
			const world = withOneOption(outputWorld(number));
			const fee = FEE_CONVENTIONS[number % 3] as FeeConvention;
			const odd = !hasHonestCoinbases(world.question.transactions);
			const found = await outputs(world, odd && fee === "coinbase" ? "last" : fee);
			if (found === undefined) continue;
			answered++;
			expect(failuresOf(found), `chain ${number}: ${world.specs.map(({ spec }) => spec).join(" ")}`).toEqual([]);
		}
		expect(answered).toBeGreaterThan(WORLDS / 3);
	});
});
