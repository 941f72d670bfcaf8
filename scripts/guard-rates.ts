// Measures how often the guard is right: in made-up worlds of which it has seen the first half, and on the lists that ship with Clew. Writes
// the figures into docs/heuristics.md. Run after a build: npx tsx --conditions=source scripts/guard-rates.ts [--seeds 1,2,3] [--size 20000]

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
	type AccountId,
	addressOf,
	type ChainId,
	chainOf,
	DANGEROUS_CATEGORIES,
	type Hash,
	isNative,
	SERVICE_CATEGORIES,
} from "@clew/core";
import { createCase } from "@clew/graph-store";
import { starterLists } from "@clew/labels";
import { PLAYBOOKS, SIMULATED_CHAIN, simulate } from "@clew/tracer";
import { Interface, MaxUint256 } from "ethers";
import { MAIN } from "../tests/clew.js";
import { recorder, startGuard } from "../tests/guard-process.js";

const { values } = parseArgs({ options: { seeds: { type: "string", default: "1,2,3" }, size: { type: "string", default: "20000" } } });
const SEEDS = values.seeds.split(",").map(Number);
const SIZE = Number(values.size);
/** Of one kind in one world, or of one kind of label. */
const MOST = 500;
const SECONDS_PER_BLOCK = 12;
const KINDS = ["internal", "native", "token"] as const;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ABI = new Interface(["function approve(address,uint256)", "function transfer(address,uint256)"]);
const folder = mkdtempSync(join(tmpdir(), "clew-guard-rates-"));
process.env["XDG_DATA_HOME"] = folder;

interface Attempt {
	readonly from: AccountId;
	readonly to: AccountId;
	readonly value?: bigint;
	readonly data?: string;
}

const pay = (from: AccountId, to: AccountId, value: bigint): Attempt => ({ from, to, value });
const call = (from: AccountId, to: AccountId, name: "approve" | "transfer", ...args: readonly unknown[]): Attempt => ({
	...{ from, to, data: ABI.encodeFunctionData(name, args) },
});

/** A node of a chain on which some accounts are contracts, and those that are known were used. */
function nodeOf(chain: ChainId, isContract: (address: string) => boolean, isUsed: (address: string) => boolean) {
	const number = `0x${Number(chain.split(":")[1]).toString(16)}`;
	const one = ({ id, method, params }: { id: unknown; method: string; params?: readonly unknown[] }) => {
		const address = String(params?.[0]).toLowerCase();
		const used = isUsed(address) ? "0x1" : "0x0";
		const known: Readonly<Record<string, string>> = {
			eth_chainId: number,
			eth_blockNumber: "0x1",
			eth_getCode: isContract(address) ? "0x6000" : "0x",
			eth_getBalance: used,
			eth_getTransactionCount: used,
			eth_sendTransaction: `0x${"ab".repeat(32)}`,
		};
		const result = known[method];
		return result === undefined ? { jsonrpc: "2.0", id, error: { code: -32_601, message: "unknown" } } : { jsonrpc: "2.0", id, result };
	};
	return recorder(({ body }) => {
		const asked = JSON.parse(body);
		return JSON.stringify(Array.isArray(asked) ? asked.map(one) : one(asked));
	});
}

/** Has the guard judge attempts, one after the other: how many it held back, and of how many it told. */
async function judged(node: string, options: readonly string[], kinds: Readonly<Record<string, readonly Attempt[]>>) {
	const log = join(folder, `${Math.random()}.jsonl`);
	const { url, stop } = await startGuard(node, log, ...options);
	const found: Record<string, { held: number; told: number; all: number; why: string[] }> = {};
	for (const [kind, attempts] of Object.entries(kinds)) {
		const counts = { held: 0, told: 0, all: attempts.length, why: [] as string[] };
		for (const { from, to, value = 0n, data = "0x" } of attempts) {
			const params = [{ from: addressOf(from), to: addressOf(to), value: `0x${value.toString(16)}`, data }];
			const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendTransaction", params });
			await (await fetch(url, { method: "POST", body })).text();
			const last = JSON.parse(readFileSync(log, "utf8").trimEnd().split("\n").at(-1) as string);
			if (last.outcome === "hold") counts.held++;
			if (last.outcome === "notice") counts.told++;
			if (
				last.outcome !== "pass" &&
				counts.why.length < 3 &&
				(kind.includes("honest") || kind.includes("others") || kind.includes("services") || kind.includes("known"))
			)
				counts.why.push(`${last.outcome}: ${last.reasons[0]}`);
		}
		found[kind] = counts;
		console.log(seedWords, kind, JSON.stringify(counts));
	}
	stop();
	return found;
}
let seedWords = "";

const some = <T>(all: readonly T[]): readonly T[] => {
	const step = Math.max(1, Math.floor(all.length / MOST));
	return all.filter((_, i) => i % step === 0).slice(0, MOST);
};

async function world(seed: number) {
	seedWords = `seed ${seed}:`;
	const made = simulate({ seed, size: SIZE, playbooks: PLAYBOOKS });
	const blocks = [...made.blocks].filter(({ chain }) => chain === SIMULATED_CHAIN);
	const middle = blocks[blocks.length >> 1]?.height ?? 0;
	const contracts = new Set(made.contracts());
	const place = join(folder, `${seed}.clew`);
	const source = { id: "simulated", kind: "node", name: "guard-rates", sha256: "", detail: "a made-up world" } as const;
	const store = await createCase(place, { title: "half a world", chain: SIMULATED_CHAIN, at: "2026-01-01T00:00:00Z", stated: {} as never });
	const first = blocks.filter(({ height }) => height < middle);
	await store.atomically(async (tx) => {
		const decoded = first.map(({ height, transactions, events }) => {
			const header = { height, hash: `0x${height.toString(16).padStart(64, "0")}` as Hash, time: height * SECONDS_PER_BLOCK };
			return { header, transactions, events, kinds: KINDS, contracts: [], gaps: [], provenance: "node" as const };
		});
		await tx.putBlocks(SIMULATED_CHAIN, decoded, source);
		const fromHeight = first[0]?.height ?? 0;
		await tx.putCoverage([{ chain: SIMULATED_CHAIN, fromHeight, toHeight: middle - 1, kinds: KINDS, source: source.id, note: "" }]);
		await tx.putContracts([...contracts]);
	});
	await store.close();
	const detected = spawnSync(process.execPath, [MAIN, "detect", "--case", place], { encoding: "utf8" });
	if (detected.status !== 0) throw new Error(detected.stderr);
	const { truth } = made;
	const seen = new Set(
		first.flatMap(({ transactions }) => transactions.flatMap(({ transfers }) => transfers.flatMap(({ from, to }) => [from, to]))),
	);
	const paid = new Set(
		first.flatMap(({ transactions }) => transactions.flatMap(({ transfers }) => transfers.map(({ from, to }) => `${from} ${to}`))),
	);
	// Who has a drainer take: it signs, and pays the fee of, what moves a holder's tokens to one.
	const drainers = new Set<string>(truth.drainers);
	for (const { transactions } of blocks)
		for (const { transfers } of transactions)
			if (transfers.some(({ to }) => truth.drainers.includes(to)))
				for (const { kind, from } of transfers) if (kind === "fee") drainers.add(from);
	const bad = new Set<string>([
		...truth.poisonings.map(({ imitator }) => imitator),
		...drainers,
		...truth.thefts.flatMap(({ thief, ends }) => [thief, ...Object.keys(ends)]),
	]);
	const later = blocks.filter(({ height }) => height >= middle);
	const payments = later.flatMap(({ transactions }) =>
		transactions.flatMap(({ transfers }) => {
			const moves = transfers.filter(({ kind }) => kind !== "fee");
			const [one] = moves;
			if (one === undefined || moves.length > 1 || !seen.has(one.from) || bad.has(one.from) || bad.has(one.to) || one.amount === 0n)
				return [];
			if (isNative(one.asset)) return [pay(one.from, one.to, one.amount)];
			const token = `${chainOf(one.from)}:${one.asset.split(":").at(-1)}` as AccountId;
			return [call(one.from, token, "transfer", addressOf(one.to), one.amount)];
		}),
	);
	const approvals = later.flatMap(({ events }) =>
		events.flatMap(({ kind, account, contract, details }) =>
			kind === "approval" && account !== undefined && contract !== undefined
				? [{ spender: `${SIMULATED_CHAIN}:${details["spender"]}` as AccountId, holder: account, contract }]
				: [],
		),
	);
	const ask = (list: typeof approvals) =>
		list.map(({ spender, holder, contract }) => call(holder, contract, "approve", addressOf(spender), MaxUint256));
	const poisonings = truth.poisonings.filter(({ victim, imitated }) => paid.has(`${victim} ${imitated}`));
	const used = new Set([...seen].map(addressOf));
	const codes = new Set([...contracts].map(addressOf));
	const node = await nodeOf(
		SIMULATED_CHAIN,
		(address) => codes.has(address),
		(address) => used.has(address),
	);
	const found = await judged(node.url, ["--case", place, "--chain", SIMULATED_CHAIN], {
		"victims pay the look-alike": some(
			poisonings.map(({ victim, imitator }) => pay(victim as AccountId, imitator as AccountId, 10n ** 16n)),
		),
		"holders let a drainer take": some(ask(approvals.filter(({ spender }) => drainers.has(spender)))),
		"holders let others take": some(ask(approvals.filter(({ spender }) => !drainers.has(spender)))),
		"honest payments, of coins and tokens": some(payments),
	});
	node.stop();
	return found;
}

const MAINNET = "eip155:1" as ChainId;
/** Everybody pays once: who pays hundreds from one address sees look-alikes by chance. */
const payer = (n: number) => `${MAINNET}:0x${(n + 1).toString(16).padStart(8, "0")}${"5e".repeat(16)}` as AccountId;
/** Below this a list itself calls its claim hearsay (GraphSense's scale), and `clew check` says "take care". */
const SURE = 50;

async function lists() {
	seedWords = "lists:";
	const claims = new Map<string, Set<string>>();
	const sure = new Set<string>();
	for (const { labels } of starterLists())
		for (const { subject, category, confidence } of labels) {
			if (!subject.startsWith(`${MAINNET}:`)) continue;
			claims.set(subject, (claims.get(subject) ?? new Set<string>()).add(category));
			if (DANGEROUS_CATEGORIES.has(category) && confidence >= SURE) sure.add(subject);
		}
	const of = (wanted: (categories: readonly string[]) => boolean) =>
		some([...claims].flatMap(([subject, categories]) => (wanted([...categories]) ? [subject as AccountId] : [])));
	const isDanger = (category: string) => DANGEROUS_CATEGORIES.has(category as never);
	const isService = (category: string) => SERVICE_CATEGORIES.has(category as never);
	const dangers = some([...sure] as AccountId[]);
	const hearsay = some(
		[...claims].flatMap(([subject, all]) => ([...all].some(isDanger) && !sure.has(subject) ? [subject as AccountId] : [])),
	);
	const services = of((all) => all.some(isService) && !all.some(isDanger));
	const contracts = of((all) => all.some((one) => ["defi", "defi_dex", "bridge", "contract"].includes(one)) && !all.some(isDanger));
	const codes = new Set(contracts.map(addressOf));
	const token = `${MAINNET}:0xdac17f958d2ee523a2206206994597c13d831ec7` as AccountId;
	const node = await nodeOf(
		MAINNET,
		(address) => codes.has(address) || address === addressOf(token),
		() => true,
	);
	const found = await judged(node.url, [], {
		"payments to who is listed as dangerous": dangers.map((to, n) => pay(payer(n), to, 1n)),
		"USDT to who is listed as dangerous": dangers.map((to, n) => call(payer(n), token, "transfer", addressOf(to), 1n)),
		"payments to who is listed by hearsay (confidence below 50)": hearsay.map((to, n) => pay(payer(n), to, 1n)),
		"payments to exchanges and other services": services.map((to, n) => pay(payer(1_000 + n), to, 1n)),
		"permissions without a limit for known contracts": contracts.map((to, n) =>
			call(payer(2_000 + n), token, "approve", addressOf(to), MaxUint256),
		),
	});
	node.stop();
	return found;
}

const rows = new Map<string, { held: number; told: number; all: number }>();
const add = (where: string, found: Awaited<ReturnType<typeof judged>>) => {
	for (const [kind, { held, told, all }] of Object.entries(found)) {
		const key = `${where} | ${kind}`;
		const sum = rows.get(key) ?? { held: 0, told: 0, all: 0 };
		rows.set(key, { held: sum.held + held, told: sum.told + told, all: sum.all + all });
	}
};
try {
	for (const seed of SEEDS) add("made-up worlds", await world(seed));
	add("lists that ship", await lists());
} finally {
	rmSync(folder, { recursive: true });
}
const share = (part: number, all: number) => (all === 0 ? "none there" : `${part} (${((100 * part) / all).toFixed(1)} %)`);
const table = [
	"| where | what is about to leave | judged | held back | told |",
	"| --- | --- | --- | --- | --- |",
	...[...rows].map(([key, { held, told, all }]) => `| ${key} | ${all} | ${share(held, all)} | ${share(told, all)} |`),
].join("\n");
console.log(table);
const page = here("../docs/heuristics.md");
const [begin, end] = ["<!-- figures of scripts/guard-rates.ts -->", "<!-- end of the guard's figures -->"];
const text = readFileSync(page, "utf8");
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) throw new Error(`${page} has no place for figures`);
writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
