import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
const documented = (schema: Parameters<typeof undocumented>[0], text: string) => expect(undocumented(schema, JSON.parse(text))).toEqual([]);

describe("guides and drills", () => {
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it("an investigator finds made-up money, is marked, and the guide says what the case knows", () => {
		const task = mustClew("drill", "investigate", "--seed", "5", "--out", at("world"), "--json");
		documented("clew.drill-investigate/1", task);
		const { case: place, transaction, amount } = JSON.parse(task) as Record<"case" | "transaction" | "amount", string>;
		mustClew("detect", "--case", place);
		const { leaves } = JSON.parse(mustClew("trace", "--case", place, "--seed", `tx:${transaction}`, "--json")) as {
			leaves: readonly { account: string; amounts: Record<string, { fifo: string }> }[];
		};
		const rows = leaves.flatMap(({ account, amounts }) => Object.values(amounts).map(({ fifo }) => `${account},${fifo}`));
		const answer = at("answer.csv");
		writeFileSync(answer, ["account,amount", ...rows, `0x${"11".repeat(20)},1native`].join("\n"));
		const marks = mustClew("drill", "investigate", "--seed", "5", "--answer", answer, "--json");
		documented("clew.drill-investigate/1", marks);
		const marked = JSON.parse(marks) as { rightThousandths: number; stolen: string; accused: readonly string[] };
		expect(marked.rightThousandths).toBeGreaterThan(900);
		expect(BigInt(amount) - BigInt(marked.stolen)).toBeLessThan(10n ** 18n);
		expect(marked.accused).toEqual([`eip155:424242:0x${"11".repeat(20)}`]);
		const words = mustClew("guide", "drained", "--case", place, "--date", "2099-01-02=hearing");
		expect(words).toContain("Taken: ");
		expect(words).toContain("2099-01-02: hearing.");
		const page = at("guide.html");
		mustClew("guide", "stolen", "--case", place, "--lang", "de", "--out", page);
		expect(readFileSync(page, "utf8")).toContain('<html lang="de">');
		expect(clew(["guide", "stolen", "--out", page])).toMatchObject({ code: 2, err: expect.stringContaining("is there already") });
		documented("clew.guide/1", mustClew("guide", "poisoned", "--json"));
	});

	it("a drill is scored by hits and false alarms, kept for its owner alone, and due again", () => {
		const env = { CLEW_DRILLS: at("drills.json") };
		const run = (...args: string[]) => clew(["drill", ...args], env);
		expect(run("--due")).toMatchObject({ code: 0, out: "No drill was done yet.\n" });
		const shown = run("--channel", "mail", "--seed", "9", "--json").out;
		documented("clew.drill/1", shown);
		expect(shown).not.toContain("trap");
		const done = run("--channel", "mail", "--seed", "9", "--answers", "tttttttt", "--json");
		documented("clew.drill/1", done.out);
		expect(JSON.parse(done.out)).toMatchObject({ score: { traps: 4, hits: 4, benign: 4, alarms: 4 }, next: "2023-11-15T22:13:20Z" });
		const due = clew(["drill", "--due", "--json"], { ...env, SOURCE_DATE_EPOCH: "1700090000" });
		documented("clew.drills-due/1", due.out);
		expect([due.code, JSON.parse(due.out).next[0].isDue, run("--due").code]).toEqual([1, true, 0]);
		expect(run("--answers", "tx")).toMatchObject({ code: 2, err: expect.stringContaining("8 letters") });
		expect(run()).toMatchObject({ code: 2, err: expect.stringContaining("on a terminal") });
		writeFileSync(env.CLEW_DRILLS, "{}");
		expect(run("--due")).toMatchObject({ code: 3, err: expect.stringContaining("is no list of drills") });
	});

	it("bad input is told with its place", () => {
		mkdirSync(at("taken"));
		writeFileSync(at("bad.csv"), "account,amount\n0x12,1\n");
		for (const [args, code, words] of [
			[["guide", "rich"], 2, "Allowed choices"],
			[["guide", "stolen", "--lang", "xx"], 2, "Allowed choices"],
			[["guide", "stolen", "--country", "Germany"], 2, "two letters"],
			[["guide", "stolen", "--date", "tomorrow"], 2, "2026-12-24="],
			[["drill", "--count", "7"], 2, "an even number"],
			[["drill", "investigate"], 2, "give --out to begin"],
			[["drill", "investigate", "--out", at("taken")], 2, "is there already"],
			[["drill", "investigate", "--answer", at("bad.csv")], 3, "bad.csv:2"],
		] as const)
			expect([args, clew(args)]).toMatchObject([args, { code, err: expect.stringContaining(words) }]);
	});
});
