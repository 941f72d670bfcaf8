import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, ROOT, scratch } from "../clew.js";

const TRIALS = join(ROOT, "fixtures/trials");
/** A guard against a hang. */
const LONG = 600_000;

interface Told {
	readonly leaves: readonly {
		readonly account: string;
		readonly stop: { readonly reason: string };
		readonly amounts: Record<string, Record<string, string>>;
		readonly byOrigin?: Record<string, readonly Record<string, string>[]>;
		readonly arrivals: { readonly first: string; readonly last: string; readonly count: number };
	}[];
	readonly edges: readonly {
		readonly position: string;
		readonly kind: string;
		readonly amount: string;
		readonly tainted: Record<string, string>;
	}[];
	readonly seeds: readonly { readonly rows: readonly { readonly seeded: Record<string, string> }[] }[];
	readonly coverage: { readonly gaps: readonly { readonly kind: string; readonly account?: string; readonly text: string }[] };
	readonly conventions: Record<string, string>;
}

/** A case of one trial's files, and the commands that its README gives, without `clew`. */
function trial(number: string) {
	const name = readdirSync(TRIALS).find((entry) => entry.startsWith(`${number}-`)) ?? "";
	const folder = join(TRIALS, name);
	const file = join(scratch(), "c.clew");
	mustClew("case", "new", file, "--title", "t", "--chain", "eip155:1");
	const commands = readFileSync(join(folder, "README.md"), "utf8")
		.split("\n")
		.filter((line) => line.startsWith("    clew "))
		.map((line) =>
			line
				.slice("    clew ".length)
				.split(" ")
				.map((word) => (word === "c.clew" ? file : existsSync(join(folder, word)) ? join(folder, word) : word)),
		);
	for (const command of commands) if (command[0] === "import") mustClew(...command);
	const others = commands.filter(([verb]) => verb !== "import");
	return {
		file,
		commands: others,
		traces: others.filter(([verb]) => verb === "trace").map((command) => JSON.parse(mustClew(...command)) as Told),
	};
}

const ends = ({ leaves }: Told) =>
	leaves.map(({ account, stop, amounts, arrivals }) => [
		account.slice(-6),
		stop.reason,
		...new Set(Object.values(amounts).flatMap((byRule) => Object.values(byRule))),
		arrivals.count,
	]);

describe("a tx: seed at an account where the trace stops", () => {
	let told: Told;
	let file: string;
	beforeAll(() => {
		const { traces, file: made } = trial("42");
		told = traces[0] as Told;
		file = made;
	}, LONG);

	it("marks clean units alone, and the transfer stands in one row", { timeout: LONG }, () => {
		expect(ends(told)).toEqual([["b0ddc7", "unfetched", "20", 1]]);
		expect(told.leaves[0]?.byOrigin?.["eip155:1/slip44:60"]?.map(({ fifo }) => fifo)).toEqual(["11", "9"]);
		expect(told.edges.map(({ position, tainted }) => [position, tainted["fifo"]])).toEqual([
			["1.0.1", "10"],
			["2.0.0", "1"],
			["2.0.1", "20"],
		]);
		const bundle = join(scratch(), "b");
		expect(clew(["export", "--case", file, "--trace", "last", "--out", bundle]).code).toBe(0);
		expect(clew(["verify", bundle]).code).toBe(0);
	});
});

describe("a second seed", () => {
	it("does not move the first one's end point", { timeout: LONG }, () => {
		const [alone, both] = trial("43").traces as [Told, Told];
		expect(ends(alone)).toEqual([["92acd5", "swap", "7", 1]]);
		expect(ends(both)).toContainEqual(["92acd5", "swap", "7", "0", 1].filter((x) => x !== "0"));
		const [first] = both.leaves.filter(({ stop }) => stop.reason === "swap");
		expect(Object.values(first?.byOrigin ?? {})[0]?.map(({ fifo }) => fifo)).toEqual(["7", "0"]);
	});
});

describe("money that arrives after an account's own export ends", () => {
	it("is unfetched whether or not the account was followed before, and a gap says so", { timeout: LONG }, () => {
		const [seeded, late, both] = trial("44").traces as [Told, Told, Told];
		// What came before the export ends is not known to be there either: nobody read its internal transfers.
		for (const told of [seeded, both]) expect(ends(told)).toEqual([["88814d", "unfetched", "30", 2]]);
		expect(ends(late)).toEqual([["88814d", "unfetched", "20", 1]]);
		for (const told of [seeded, late, both]) {
			const [gap, ...more] = told.coverage.gaps.filter(({ kind }) => kind === "unfetched-account");
			expect(more).toEqual([]);
			expect(gap?.text).toContain("native history at height 200");
			expect(gap?.text.includes("internal transfers from block 100")).toBe(told !== late);
		}
	});
});

describe("a tx: seed", () => {
	it("marks what an account has more of, the fee included", { timeout: LONG }, () => {
		const [told] = trial("45").traces as [Told];
		expect(told.seeds[0]?.rows.map(({ seeded }) => seeded)).toEqual([{ fifo: "7", haircut: "7" }]);
	});
});

describe("transfers of an account to itself", () => {
	it("are counted once, in show and as behaviour, and are refused as seeds", { timeout: LONG }, () => {
		const { file, commands, traces } = trial("46");
		expect(mustClew(...(commands[0] ?? []))).toContain(": 5 transfers in the case");
		for (const told of traces) expect(told.leaves.map(({ stop }) => stop.reason)).not.toContain("service");
		const refused = clew(["trace", "--case", file, "--seed", "transfer:2.0.1"]);
		expect([refused.code, refused.err]).toEqual([3, expect.stringContaining("to itself")]);
	});
});

describe("a result", () => {
	it("names every convention that changes a number", { timeout: LONG }, () => {
		const [told] = trial("45").traces as [Told];
		for (const name of [
			"seed",
			"seedAge",
			"seedRows",
			"seedLimit",
			"overlap",
			"origins",
			"poison",
			"stops",
			"arrivals",
			"conversionRounding",
		])
			expect(told.conventions[name], name).toMatch(/\w/);
	});
});
