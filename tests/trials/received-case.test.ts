import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Alert, deliverer } from "@clew/workers";
import { describe, expect, it } from "vitest";
import { clew, mustClew, ROOT, scratch } from "../clew.js";

/** The driver of the case file, which belongs to the store. */
const Database = createRequire(join(ROOT, "packages/graph-store/package.json"))("better-sqlite3");

const MINUTES = 60_000;
const THIEF = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const folder = scratch();
const place = join(folder, "received.clew");
const elsewhere = { CLEW_PLACES: join(folder, "another-machine.json") };
const sha = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

describe("a case from somebody else", () => {
	it("runs and tells nothing that nobody allowed here; inspect says what is in it, and only reads it", { timeout: 10 * MINUTES }, () => {
		mustClew("case", "new", place, "--title", "Received", "--chain", "eip155:1");
		mustClew("import", "etherscan", join(ROOT, "fixtures/cases/purebit"), "--case", place);
		mustClew("trace", "--case", place, "--seed", `account:${THIEF}`);
		const places = ["--notify", "exec:/bin/touch /tmp/owned", "--notify", "webhook:$SECRET_URL"];
		expect(clew(["watch", "add", THIEF, "--case", place, ...places], elsewhere).code).toBe(0);
		const before = sha(place);
		const shown = mustClew("case", "inspect", place);
		expect(sha(place)).toBe(before);
		expect(shown).toMatch(/would tell exec:\/bin\/touch \/tmp\/owned: off until clew watch allow/);
		const found = JSON.parse(mustClew("case", "inspect", place, "--json"));
		expect(found.watches[0].notify).toEqual([
			{ place: "exec:/bin/touch /tmp/owned", allowed: false },
			{ place: "webhook:$SECRET_URL", allowed: false },
		]);
		expect(found.traces).toEqual([{ id: expect.any(String), fault: null }]);
		const list = (machine: Record<string, string>) => {
			const { out } = clew(["watch", "list", "--case", place, "--json"], machine);
			return JSON.parse(out).watches.map((one: { notify: string[]; off: string[] }) => [one.notify, one.off]);
		};
		const shownPlaces = ["exec:/bin/touch …", "webhook:$SECRET_URL"];
		expect(list({})).toEqual([[shownPlaces, shownPlaces]]);
		expect(list(elsewhere)).toEqual([[shownPlaces, []]]);
		expect(mustClew("watch", "list", "--case", place)).toContain(
			`told nothing until clew watch allow ${found.watches[0].id}: exec:/bin/touch …, webhook:$SECRET_URL`,
		);
		expect(clew(["watch", "list", "--case", place], elsewhere).out).not.toContain("told nothing");
		mustClew("watch", "allow", found.watches[0].id, "--case", place);
		const [watch] = JSON.parse(mustClew("case", "inspect", place, "--json")).watches;
		expect(watch.notify.map((one: { allowed: boolean }) => one.allowed)).toEqual([true, true]);
	});

	it("whose kept trace was changed makes no bundle", { timeout: 10 * MINUTES }, () => {
		const db = new Database(place);
		db.prepare("UPDATE trace_parts SET text = replace(text, '13683078422182347690686', '99683078422182347690686')").run();
		db.close();
		expect(mustClew("case", "inspect", place)).toMatch(/NOT USED: trace \w+ was changed after it was made/);
		const judged = clew(["check", "0x38bff309c7e0b4cd55fb16ba8b4b8ac4ad26a9c5", "--case", place, "--json"]);
		expect(JSON.parse(judged.out)).toMatchObject({ open: expect.arrayContaining(["stolen-money"]) });
		expect(judged.out).toMatch(/was changed after it was made .*and was not looked at/);
		const { code, err } = clew(["export", "--case", place, "--trace", "last", "--out", join(folder, "bundle")]);
		expect([code, err]).toEqual([expect.any(Number), expect.stringContaining("was changed after it was made")]);
		expect(code).not.toBe(0);
	});

	it("is told to no place that is not allowed, and a program gets a clean environment", { timeout: 10 * MINUTES }, async () => {
		const out = join(folder, "environment.json");
		const program = join(folder, "program.mjs");
		writeFileSync(program, `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(out)}, JSON.stringify(process.env));`);
		process.env["CLEW_WEBHOOK_SECRET"] = "of the machine";
		process.env["CLEW_EXEC_TOKEN"] = "its own";
		const common = {
			secret: undefined,
			facts: async () => ({ amount: "1", value: "no price" }),
			print: () => {},
			timeoutMs: MINUTES,
			seconds: () => 1,
			signal: new AbortController().signal,
		};
		const alert = { watch: "w" } as Alert;
		const delivery = { id: "d", channel: `exec:${process.execPath} ${program}`, alert, attempts: 0, nextAt: 0, lastError: "" };
		await expect(deliverer({ ...common, allowed: () => false })(delivery)).rejects.toThrow("is not allowed on this machine");
		await deliverer({ ...common, allowed: () => true })(delivery);
		const environment = JSON.parse(readFileSync(out, "utf8"));
		expect(environment).toMatchObject({ CLEW_EXEC_TOKEN: "its own", CLEW_IDEMPOTENCY_KEY: "d" });
		expect(environment).not.toHaveProperty("CLEW_WEBHOOK_SECRET");
	});
});
