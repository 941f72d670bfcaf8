import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type AccountId, type Coverage, canonicalJson, coinOf, FEE_CONVENTIONS, type FeeConvention, InputError } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testTransfer } from "@clew/core/testing";
import { afterAll, describe, expect, it } from "vitest";
import { checkForm } from "../../packages/evidence/src/verify/bundle/form.js";
import type { Trace } from "../../packages/evidence/src/verify/bundle/formats.js";
import { checkRules } from "../../packages/evidence/src/verify/recompute/check-rules.js";
import { checkArithmetic } from "../../packages/evidence/src/verify/trace/arithmetic.js";
import { checkArrivals } from "../../packages/evidence/src/verify/trace/arrivals.js";
import { endWrong } from "../../packages/evidence/src/verify/trace/end-sentences.js";
import { askedOf as askedOfTrace, endsOf } from "../../packages/evidence/src/verify/trace/ends.js";
import { ledgerLines } from "../../packages/tracer/src/ledger-lines.js";
import { type AccountWorld, accountWorld, askedOfWorld } from "../../packages/tracer/src/oracle/account-worlds.test-util.js";
import { askedOf, type OutputWorld, outputWorld } from "../../packages/tracer/src/oracle/output-worlds.test-util.js";
import { buildResult } from "../../packages/tracer/src/result.js";
import { parseSeed } from "../../packages/tracer/src/seeds.js";
import { defaultRequest, runTrace, type TraceRequest } from "../../packages/tracer/src/trace.js";
import { mustClew, scratch } from "../clew.js";
import { reseal, resealManifest } from "../reseal.js";

const folder = scratch();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** More of them with WORLDS=N. */
const WORLDS = Number(process.env["WORLDS"] ?? 1_500);

interface Told {
	readonly trace: Trace;
	readonly lines: readonly string[];
	/** What was read of the accounts of rows and end points, and which of them are contracts. */
	readonly read: { readonly coverage: readonly Coverage[]; readonly contracts: readonly string[] };
}

/**
 * A world's trace with its ledgers, as a bundle has them; undefined where a seed is refused. One set of options goes for all seeds of a
 * command.
 */
async function accounts(world: AccountWorld): Promise<Told | undefined> {
	const [{ asset, limit, since = 0 } = {}] = world.specs;
	const specs = world.specs.map(({ spec }) => ({
		spec,
		...(asset ? { asset } : {}),
		...(limit === undefined ? {} : { limit }),
		...(spec.startsWith("account:") ? { since } : {}),
	}));
	try {
		const { source, request } = askedOfWorld({ ...world, specs });
		return await told(request, source);
	} catch (error) {
		if (error instanceof InputError) return undefined;
		throw error;
	}
}

async function told(request: TraceRequest, source: Parameters<typeof ledgerLines>[1]): Promise<Told> {
	const run = await runTrace(request, { source });
	const result = await buildResult(run, source, { id: "c", title: "t", cutoff: Number.MAX_SAFE_INTEGER, sources: [] });
	// A case knows its own coin.
	const { symbol, decimals } = coinOf(request.chain);
	for (const [asset, info] of Object.entries(result.assets)) if (asset.includes("/slip44:")) Object.assign(info, { symbol, decimals });
	const named = new Set([...result.edges.flatMap(({ from, to }) => [from, to]), ...result.leaves.map(({ account }) => account)]);
	const [coverage, contracts]: [Coverage[], string[]] = [[], []];
	for (const account of named as Set<AccountId>) {
		const profile = await source.profile(account, 1);
		if (profile.isContract) contracts.push(account);
		for (const one of profile.coverage) coverage.push({ ...one, account });
	}
	return {
		trace: JSON.parse(canonicalJson(result)) as Trace,
		lines: ((await ledgerLines(run, source)) ?? []).map(canonicalJson),
		read: { coverage, contracts },
	};
}

function failuresOf({ trace, lines, read }: Told): string[] {
	const failures: string[] = [];
	const fail = (where: string, what: string) => void failures.push(`${where}: ${what}`);
	// Worlds of a test ask what narrows a trace, and their results do not say so.
	checkForm({ ...trace, parameters: {} }, fail);
	checkArithmetic(trace, fail);
	checkArrivals(trace, fail);
	for (const end of endsOf(trace)) {
		const wrong = endWrong(end, askedOfTrace(trace));
		if (wrong !== undefined) fail(end.account, wrong);
	}
	checkRules(lines, trace, (where, what) => void failures.push(`${where}: ${what}`), undefined, undefined, read);
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

type Loose = Record<string, unknown>;

/** Every object of amounts by rule in a trace, wherever it stands. */
function amountsIn(value: unknown): Record<string, string>[] {
	if (typeof value !== "object" || value === null) return [];
	const own = "fifo" in value && "lifo" in value && typeof (value as Loose)["fifo"] === "string" ? [value as Record<string, string>] : [];
	return [...own, ...Object.values(value).flatMap(amountsIn)];
}

describe("the second hand against a forger who seals everything anew", () => {
	const swap = (trace: Trace) => {
		for (const amounts of amountsIn(trace)) [amounts["fifo"], amounts["lifo"]] = [amounts["lifo"] as string, amounts["fifo"] as string];
	};
	it("finds FIFO and LIFO swapped wherever they differ, and any one amount that is another", { timeout: 600_000 }, async () => {
		let [differing, touched] = [0, 0];
		for (let number = 1; number <= 900; number++) {
			const found = await accounts(accountWorld(number));
			if (found === undefined) continue;
			const stated = amountsIn([found.trace.edges, found.trace.leaves, found.trace.seeds.map(({ rows }) => rows)]);
			if (stated.some(({ fifo, lifo }) => fifo !== lifo)) {
				differing++;
				const forged = structuredClone(found.trace);
				swap(forged);
				expect(failuresOf({ ...found, trace: forged }), `world ${number}`).not.toEqual([]);
			}
			const forged = structuredClone(found.trace);
			const all = amountsIn([forged.edges, forged.leaves, forged.seeds.map(({ rows }) => rows)]);
			const one = all[number % all.length];
			if (one === undefined) continue;
			touched++;
			const rule = forged.rules[number % forged.rules.length] as string;
			// Where money is missing, poison is not recomputed.
			if (rule === "poison") continue;
			one[rule] = String(BigInt(one[rule] ?? "0") + 1n);
			expect(failuresOf({ ...found, trace: forged }), `world ${number}: ${rule}`).not.toEqual([]);
		}
		expect(Math.min(differing, touched)).toBeGreaterThan(20);
	});

	const edges = (trace: Loose) => trace["edges"] as Loose[];
	const leaves = (trace: Loose) => trace["leaves"] as Loose[];
	const amountsOfLeaf = (leaf: Loose) => Object.values(leaf["amounts"] as Loose)[0] as Record<string, string>;
	/** Changes that leave every sum as it was. */
	const FORGERIES: Readonly<Record<string, (trace: Loose) => void>> = {
		"a rule left out at an end point": (trace) => {
			for (const leaf of leaves(trace)) delete amountsOfLeaf(leaf)["haircut"];
		},
		"a rule of nobody at an end point": (trace) => {
			for (const leaf of leaves(trace)) amountsOfLeaf(leaf)["tiho"] = "0";
		},
		"a rule that there is not": (trace) => (trace["rules"] as string[]).push("\u001b[2Jverified"),
		"no rule at all": (trace) => (trace["rules"] as string[]).splice(0),
		"an end point in two parts": (trace) => {
			const [leaf] = leaves(trace);
			const amounts = amountsOfLeaf(leaf as Loose);
			const half = structuredClone(leaf as Loose);
			for (const rule of Object.keys(amounts)) {
				if (rule === "haircut") amounts[rule] = "0";
				else amountsOfLeaf(half)[rule] = "0";
			}
			for (const one of [leaf as Loose, half]) Object.assign(one, { agreed: "0", range: ["0", one === half ? "10" : "4"] });
			leaves(trace).push(half);
		},
		"another number of decimals of the coin": (trace) => {
			for (const asset of Object.values(trace["assets"] as Record<string, Loose>)) asset["decimals"] = 15;
		},
		"another symbol of the coin": (trace) => {
			for (const asset of Object.values(trace["assets"] as Record<string, Loose>)) asset["symbol"] = "USDC";
		},
		"no word of the coin": (trace) => void Object.assign(trace, { assets: {} }),
		"what narrowed it taken out": (trace) => void Object.assign(trace["parameters"] as Loose, { seedLimit: "10" }),
		"a row of a seed of another account": (trace) => {
			const [{ rows }] = trace["seeds"] as [{ rows: Loose[] }];
			Object.assign(rows[0] as Loose, { account: "eip155:1:0x9999999999999999999999999999999999999999" });
		},
		"a row of a seed that moved more": (trace) => {
			const [{ rows }] = trace["seeds"] as [{ rows: Loose[] }];
			Object.assign(rows[0] as Loose, { amount: "11" });
		},
		"an exchange of nobody": (trace) => {
			const [edge] = edges(trace);
			const zero = Object.fromEntries((trace["rules"] as string[]).map((rule) => [rule, "0"]));
			const from = (edge as Loose)["to"];
			edges(trace).push({
				...edge,
				row: 4,
				position: "12.0.0",
				from,
				to: from,
				kind: "conversion",
				tainted: zero,
				into: { asset: "x", amount: "9", tainted: zero },
			});
		},
		"the reason of held money": (trace) => {
			for (const leaf of leaves(trace)) (leaf["stop"] as Loose)["reason"] = "burned";
		},
		"poison in the table of what is conserved": (trace) => void Object.assign(trace["conservation"] as Loose, { poison: {} }),
	};
	it.each(Object.keys(FORGERIES))("finds %s", async (name) => {
		const source = memoryLedger([testTransfer([9], 3, 2, 5n), testTransfer([10], 1, 2, 10n), testTransfer([11], 2, 4, 4n)]);
		const found = await told(defaultRequest(TEST_CHAIN, [parseSeed("transfer:10.0.0", TEST_CHAIN)]), source);
		expect(failuresOf(found)).toEqual([]);
		const forged = structuredClone(found.trace) as unknown as Loose;
		FORGERIES[name]?.(forged);
		const failures = failuresOf({ ...found, trace: forged as unknown as Trace });
		checkForm(forged as unknown as Trace, (where, what) => void failures.push(`${where}: ${what}`));
		expect(failures).not.toEqual([]);
	});

	it("finds a gap taken out that says what the books lack", async () => {
		let tried = 0;
		for (let number = 1; number <= 400; number++) {
			const found = await accounts(accountWorld(number));
			const gaps = found?.trace.coverage.gaps ?? [];
			if (found === undefined || !gaps.some(({ kind }) => kind === "missing-inflow")) continue;
			tried++;
			const forged = { ...found.trace, coverage: { ...found.trace.coverage, gaps: gaps.filter(({ kind }) => kind !== "missing-inflow") } };
			expect(failuresOf({ ...found, trace: forged }).join(), `world ${number}`).toMatch(/its books lack/);
		}
		expect(tried).toBeGreaterThan(5);
	});

	it("finds a gap taken out that says what an account paid unread", async () => {
		let [tried, found] = [0, 0];
		for (let number = 1; number <= 400; number++) {
			const honest = await accounts(accountWorld(number));
			const gaps = honest?.trace.coverage.gaps ?? [];
			if (honest === undefined || !gaps.some(({ kind }) => kind === "unread-outflow")) continue;
			tried++;
			const left = gaps.filter(({ kind }) => !["unread-outflow", "missing-inflow"].includes(kind));
			const forged = { ...honest.trace, coverage: { ...honest.trace.coverage, gaps: left } };
			if (/no gap says so/.test(failuresOf({ ...honest, trace: forged }).join())) found++;
		}
		expect(tried).toBeGreaterThan(20);
		// Not where bounds alone reach the account, or where what a contract's calls paid was not read.
		expect(found).toBeGreaterThan(tried / 2);
	});

	it("is part of the single file: offline, without Clew, without a replay", { timeout: 600_000 }, () => {
		const at = (name: string) => join(folder, name);
		mustClew("case", "new", at("theft.clew"), "--title", "A theft");
		const head =
			"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";
		const [payer, thief, first, second] = ["a", "b", "c", "d"].map((digit) => `0x${digit.repeat(40)}`);
		const rows = [
			[9, first, thief, 5],
			[10, payer, thief, 10],
			[11, thief, second, 4],
		].map(
			([n, from, to, wei]) =>
				`${n},${1_600_000_000 + Number(n)},0x${String(n).padStart(64, "0")},${from},${to},${wei},21000,0,21000,0,1,0,,1000`,
		);
		writeFileSync(at(`${thief}.csv`), `${[head, ...rows].join("\n")}\n`);
		mustClew("import", "etherscan", at(`${thief}.csv`), "--case", at("theft.clew"));
		mustClew("trace", "--case", at("theft.clew"), "--seed", `tx:0x${"10".padStart(64, "0")}`);
		mustClew("export", "--case", at("theft.clew"), "--trace", "last", "--out", at("true"));
		const files = new Map(
			["", "interchange/"].flatMap((at_) =>
				readdirSync(join(at("true"), at_), { withFileTypes: true })
					.filter((entry) => entry.isFile())
					.map((entry) => [`${at_}${entry.name}`, readFileSync(join(at("true"), at_, entry.name))] as const),
			),
		);
		const verify = (name: string) => spawnSync(process.execPath, [join(at("true"), "verify.mjs"), at(name)], { encoding: "utf8" });
		const write = (name: string, changed: ReadonlyMap<string, Uint8Array>) => {
			for (const [path, data] of changed) {
				mkdirSync(dirname(join(at(name), path)), { recursive: true });
				writeFileSync(join(at(name), path), data);
			}
			return verify(name);
		};
		expect(verify("true")).toMatchObject({ status: 0, stdout: expect.stringMatching(/rules recomputed: equal, fifo, lifo/) });
		const swapped = write(
			"swapped",
			reseal(files, (result) => swap(result as unknown as Trace)),
		);
		expect(swapped).toMatchObject({
			status: 1,
			stdout: expect.stringMatching(/FAILED ledgers.jsonl: row \d+: fifo gives 0, the trace says 4/),
		});
		const without = new Map(files);
		without.delete("ledgers.jsonl");
		expect(write("without", resealManifest(without))).toMatchObject({ status: 0, stdout: expect.stringMatching(/rules not recomputed/) });
		const lines = Buffer.from(files.get("ledgers.jsonl") as Uint8Array)
			.toString()
			.replace('"amount":"5"', '"amount":"6"');
		const changed = write("changed", resealManifest(new Map(files).set("ledgers.jsonl", Buffer.from(lines))));
		expect(changed).toMatchObject({ status: 0, stdout: expect.stringMatching(/rules recomputed: equal/) });
	});
});
