import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLES, NODE, REDIS } from "../scripts/commands/examples.js";
import { commandPages, wordsOf } from "../scripts/commands/pages.js";
import { obtainRedis, startRedis } from "../scripts/services/redis.js";
import { startAnvil } from "./anvil.js";
import { ROOT, scratch } from "./clew.js";

const redisBinary = obtainRedis();
const PAGES = join(ROOT, "docs/commands");

/** What the built clew answers in one process of its own, a value a line. */
async function asked(question: unknown, cwd = ROOT): Promise<unknown[]> {
	const env = { ...process.env, SOURCE_DATE_EPOCH: "1700000000", NO_COLOR: "1", CLEW_ENDPOINTS: join(cwd, "endpoints.json") };
	const child = spawn(process.execPath, [join(ROOT, "scripts/commands/run.mjs")], { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
	child.stdin.end(JSON.stringify(question));
	const lines = (await text(child.stdout)).split("\n").filter((line) => line !== "");
	return lines.map((line) => JSON.parse(line));
}

it("the pages of the commands say what the commands are", async () => {
	const [program] = await asked("pages");
	const pages = commandPages(program as Parameters<typeof commandPages>[0]);
	expect(readdirSync(PAGES).sort()).toEqual([...pages.keys()].sort());
	for (const [name, page] of pages)
		expect(readFileSync(join(PAGES, name), "utf8"), "npx tsx --conditions=source scripts/commands.ts makes them anew").toBe(page);
});

describe("the examples of the pages, in their order, in one folder and one process", () => {
	const folder = scratch();
	const examples = EXAMPLES.filter(({ line }) => redisBinary !== undefined || !line.includes(REDIS));
	let answers: { code: number; said: string }[] = [];

	beforeAll(async () => {
		const node = await startAnvil("--chain-id", "1");
		const redis = redisBinary === undefined ? undefined : await startRedis(redisBinary);
		const places = new Map([[NODE, node.url], ...(redis === undefined ? [] : [[REDIS, redis.url] as const])]);
		const [from, to] = await node.provider.send("eth_accounts", []);
		await node.provider.send("eth_sendTransaction", [{ from, to, value: "0xde0b6b3a7640000" }]);
		symlinkSync(join(ROOT, "fixtures"), join(folder, "fixtures"));
		const lines = examples.map((one) =>
			wordsOf(one).map((word) => [...places].reduce((all, [shown, place]) => all.replace(shown, place), word)),
		);
		answers = (await asked(lines, folder)) as typeof answers;
		await node.stop();
		await redis?.stop();
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it("README shows on its first screen what the one command prints", () => {
		const [, line = "", shown = ""] =
			/```\n\$ (clew investigate[^\n]*)\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
		const plain = (words: string) => words.replace(/[0-9a-f]{16}(?![0-9a-f])/g, "ID").replace(/\s+/g, " ");
		const said = plain(answers[examples.findIndex((one) => one.line === line)]?.said ?? "");
		for (const one of shown.trim().split("\n")) expect(said).toContain(plain(one).trim());
		expect(shown).toContain("FREEZE NOW");
	});

	it.each(examples)("$line", (example) => {
		const { code, said } = answers[examples.indexOf(example)] ?? { code: -1, said: "did not run" };
		expect(example.endless ? [0, 130] : [example.code ?? 0], said).toContain(code);
		if (example.endless === undefined) expect(said).not.toBe("");
		const made = /--(?:out|svg|to) (\S+)/.exec(example.line)?.[1];
		if (made !== undefined && made !== "tip" && !made.startsWith("0x")) expect(existsSync(join(folder, made)), made).toBe(true);
	});
});
