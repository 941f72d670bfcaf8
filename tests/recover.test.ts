import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freezableTokens, parseChainId } from "@clew/core";
import { outputSchemas } from "@clew/core/output-schemas";
import { openCase } from "@clew/graph-store";
import { Contract, type InterfaceAbi, type Signer } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileIssuing, startAnvil } from "./anvil.js";
import { clewAsync, scratch } from "./clew.js";

const folder = scratch();
const place = join(folder, "theft.clew");
const COPY = "0x00000000000000000000000000000000000c0b1e";
const [LOST_BY_A, LOST_BY_B, LOST_BY_C] = [600_000_000n, 300_000_000n, 100_000_001n] as const;
const ALL = LOST_BY_A + LOST_BY_B + LOST_BY_C;

async function run(...args: string[]) {
	const { code, out, err } = await clewAsync(args[0] === "recover" ? [...args, "--case", place] : args);
	return { code, out, err };
}
async function must(...args: string[]): Promise<string> {
	const { code, out, err } = await run(...args);
	expect(code, `${args.join(" ")}\n${err}`).toBe(0);
	return out;
}
async function asked<T>(schema: keyof typeof outputSchemas, ...args: string[]): Promise<T> {
	const value = JSON.parse(await must(...args, "--json"));
	expect(() => outputSchemas[schema].parse(value)).not.toThrow();
	return value as T;
}

interface Standing {
	readonly requests: readonly {
		readonly id: string;
		readonly state: string;
		readonly asked: string;
		readonly pools: Record<string, string>;
	}[];
	readonly victims: readonly { readonly victim: string; readonly taken: string; readonly returned: string; readonly missing: string }[];
	readonly entries: readonly { readonly kind: string; readonly tier: string; readonly proof?: string; readonly corrects?: number }[];
	readonly byDesk: readonly { readonly of: string }[];
}
interface Scan {
	readonly acts: readonly { readonly kind: string; readonly tier: string; readonly amount: string | null }[];
	readonly entries: readonly { readonly kind: string; readonly amount: string; readonly request: string }[];
	readonly notes: readonly string[];
}

describe("a theft, and what came back", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	const accounts: Signer[] = [];
	const addresses: string[] = [];
	const usdt = freezableTokens(parseChainId("eip155:1")).find(({ symbol }) => symbol === "USDT");
	const token = usdt?.asset.split(":")[2] as string;
	const letter = join(folder, "letter.pdf");
	const answer = join(folder, "answer.txt");
	const call = async (at: string, by: number, name: string, ...args: unknown[]): Promise<string> => {
		const { abi } = compiled;
		const contract = new Contract(at, abi as InterfaceAbi, accounts[by] as Signer);
		return (await (await contract.getFunction(name)(...args)).wait()).hash;
	};
	const compiled = compileIssuing();
	const holder = () => addresses[4] as string;

	beforeAll(async () => {
		node = await startAnvil("--chain-id", "1");
		for (const at of [token, COPY]) await node.provider.send("anvil_setCode", [at, compiled.code]);
		for (let i = 0; i < 6; i++) {
			accounts.push(await node.provider.getSigner(i));
			addresses.push((await (accounts[i] as Signer).getAddress()).toLowerCase());
		}
		// 0 issues; 1, 2 and 3 are robbed by 5, who gathers it at 4.
		await call(token, 0, "issue", ALL);
		for (const [victim, lost] of [
			[1, LOST_BY_A],
			[2, LOST_BY_B],
			[3, LOST_BY_C],
		] as const)
			await call(token, 0, "transfer", addresses[victim], lost);
		const thefts: string[] = [];
		for (const [victim, lost] of [
			[1, LOST_BY_A],
			[2, LOST_BY_B],
			[3, LOST_BY_C],
		] as const)
			thefts.push(await call(token, victim, "transfer", addresses[5], lost));
		await call(token, 5, "transfer", holder(), ALL);
		await must("case", "new", place, "--title", "t", "--chain", "eip155:1");
		await must("ingest", "--case", place, "--rpc", node.url, "--from", "0", "--to", "latest");
		await must("trace", "--case", place, "--rule", "all", ...thefts.flatMap((hash) => ["--seed", `tx:${hash}`]));
		writeFileSync(letter, "%PDF-1.7 a request");
		writeFileSync(answer, "received");
	});
	afterAll(async () => {
		await node.stop();
		rmSync(folder, { recursive: true });
	});

	it("is asked for, by what was traced and no more, and every refusal says why and logs nothing", async () => {
		const ask = ["recover", "log", "sent", "--party", "Tether", "--account", holder(), "--on", "2023-11-01"];
		const refused = async (why: RegExp, ...args: string[]) => {
			const { code, err } = await run("recover", "log", ...args);
			expect([code === 0, err]).toEqual([false, expect.stringMatching(why)]);
		};
		await refused(/--on 2030-01-01 is after today, 2023-11-14/, ...ask.slice(2, -1), "2030-01-01", "--amount", "1", "--document", letter);
		await refused(
			/asks for 1000000002, 1 more than the most that any rule finds there, 1000000001/,
			...ask.slice(2),
			"--amount",
			String(ALL + 1n),
			"--document",
			letter,
		);
		await must("keys", "new", join(folder, "key.pem"));
		const sent = [
			...ask,
			"--amount",
			String(ALL),
			"--document",
			letter,
			"--deadline",
			"us-preservation",
			"--as",
			"A. Investigator",
			"--sign",
			join(folder, "key.pem"),
		];
		await asked("clew.recovery-entry/1", ...sent);
		await refused(/same document stands in entry 1 already/, ...ask.slice(2), "--request", "r2", "--amount", "5", "--document", letter);
		await must("recover", "log", "acknowledged", "--party", "Tether", "--document", answer);
		const { requests, entries } = await asked<Standing>("clew.recovery/1", "recover", "status");
		expect([requests.length, requests[0]?.state, entries.length]).toEqual([1, "acknowledged", 2]);
	});

	it("has deadlines that make cron speak", async () => {
		// The clock of these tests stands at 2023-11-14; 90 days from 2023-11-01 end on 2024-01-30.
		expect((await run("recover", "due")).code).toBe(0);
		const { code, out } = await run("recover", "due", "--within", "77");
		expect([code, out]).toEqual([1, expect.stringMatching(/2024-01-30[\s\S]*18 U.S.C. 2703\(f\)/)]);
	});

	it("is frozen, destroyed and issued again: each found on the chain, proven and linked; a copied token's events are none", async () => {
		await call(COPY, 5, "addBlackList", holder());
		await call(COPY, 5, "destroyBlackFunds", holder());
		await call(token, 0, "addBlackList", holder());
		await call(token, 0, "destroyBlackFunds", holder());
		await call(token, 0, "issue", ALL);
		await call(token, 0, "transfer", addresses[1], 250_000_000n);
		const found = await asked<Scan>("clew.recovery-scan/1", "recover", "scan", "--rpc", node.url);
		expect(found.acts.map(({ kind, tier, amount }) => [kind, tier, amount])).toEqual([
			["frozen", "proven", String(ALL)],
			["destroyed", "proven", String(ALL)],
			["returned", "proven", "250000000"],
		]);
		expect(found.entries.every(({ request }) => request === "r1")).toBe(true);
		const { requests, victims, entries, byDesk } = await asked<Standing>("clew.recovery/1", "recover", "status");
		expect(requests[0]?.pools).toEqual({
			open: "0",
			frozen: "0",
			seized: "0",
			destroyed: String(ALL - 250_000_000n),
			returned: "250000000",
		});
		expect(new Map(victims.map(({ victim, missing }) => [victim.slice(victim.lastIndexOf(":") + 1), missing]))).toEqual(
			new Map([
				[addresses[1], "350000000"],
				[addresses[2], String(LOST_BY_B)],
				[addresses[3], String(LOST_BY_C)],
			]),
		);
		expect(entries.filter(({ tier }) => tier === "proven").every(({ proof }) => /^[0-9a-f]{64}$/.test(proof ?? ""))).toBe(true);
		expect(byDesk.map(({ of }) => of)).toEqual(["Tether"]);
	});

	it("gives back by a transfer of the case once, whoever logs it again", async () => {
		const hash = await call(token, 0, "transfer", addresses[2], 10_000_000n);
		await must("ingest", "--case", place, "--rpc", node.url, "--from", "0", "--to", "latest");
		const back = ["recover", "log", "returned", "--transfer", hash, "--victim", addresses[2] as string];
		await must(...back);
		const twice = await run(...back);
		expect([twice.code, twice.err]).toEqual([3, expect.stringContaining("same movement on the chain stands in entry 6 already")]);
		expect((await asked<Scan>("clew.recovery-scan/1", "recover", "scan", "--rpc", node.url)).entries).toEqual([]);
		const inflated = await run(
			"recover",
			"log",
			"returned",
			"--request",
			"r1",
			"--amount",
			"700000000",
			"--victim",
			addresses[1] as string,
			"--document",
			answer,
			"--part",
			"2",
		);
		expect([inflated.code, inflated.err]).toEqual([
			3,
			expect.stringMatching(/250000000 \+ 700000000 = 950000000 is 350000000 more than was taken/),
		]);
	});

	it("is shared to the unit under every rule, and reported in one page that adds up", async () => {
		const { methods, fund } = await asked<{
			fund: string;
			methods: readonly { method: string; left: string; shares: readonly { share: string }[] }[];
		}>("clew.shares/1", ...["recover", "shares"]);
		expect(BigInt(fund)).toBe(ALL - 260_000_000n);
		expect(methods.map(({ method }) => method)).toEqual(["pari-passu", "rolling-charge", "fifo", "lowest-balance"]);
		for (const { shares, left } of methods)
			expect(shares.reduce((sum, { share }) => sum + BigInt(share), 0n) + BigInt(left)).toBe(BigInt(fund));
		expect(await must("recover", "shares", "--fund", "7", "--csv")).toContain("pari-passu,1,");
		const page = join(folder, "report.html");
		await must("recover", "report", "--out", page);
		const html = readFileSync(page, "utf8");
		expect(html).toContain("Nobody of Clew asks for money");
		expect(html).toContain("740.000001 USDT");
		expect(html).not.toContain("<script");
	});

	it("is nobody's to change: an altered or removed entry is found out", async () => {
		const store = await openCase(place);
		const [first] = await store.records("recovery", "", 1);
		await store.putRecord("recovery", first?.id ?? "", (first?.json ?? "").replace("Tether", "Thief"));
		await store.close();
		const { code, err } = await run("recover", "status");
		expect([code, err]).toEqual([3, expect.stringContaining("entry 1 of the recovery ledger is not what the custody log says was logged")]);
	});
});
