import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Purse } from "./budget.js";
import { SessionLog } from "./session-log.js";

describe("a budget", () => {
	it("gives no more rows than are left, however many are wanted at once", () => {
		const purse = new Purse({ calls: 9, rows: 3, bytes: 100, seconds: 9 });
		purse.begin(1);
		expect([purse.rows(2), purse.rows(200), purse.rows(1)]).toEqual([2, 1, 0]);
		expect(() => purse.begin(1)).toThrow(/budget of rows is used up/);
	});
});

describe("the log of a server", () => {
	it("asks to be named by the case's own log after every proposal and every hundred entries", () => {
		const folder = mkdtempSync(join(tmpdir(), "clew-log-test-"));
		let grown = 0;
		const onGrown = () => {
			grown++;
		};
		const log = new SessionLog(folder, "log.jsonl", { now: () => "2026-01-01T00:00:00Z", tool: "clew test", onGrown });
		log.propose({ ask: "propose", kind: "watch", account: "a", why: "b", cites: [] });
		expect(grown).toBe(1);
		for (let i = 0; i < 250; i++) log.note("assistant asked", String(i));
		expect(grown).toBe(3);
		rmSync(folder, { recursive: true });
	});
});
