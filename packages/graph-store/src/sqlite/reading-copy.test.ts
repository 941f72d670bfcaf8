import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DETECTIONS, type Label } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeReadingCopy } from "./reading-copy.js";
import { createCase, openReadingCopy } from "./sqlite-store.js";

const NAME = "Quentin Robinson";
const AT = "2026-01-01T00:00:00Z";
let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "clew-copy-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("a copy for reading holds no byte of what was left out, needs no other file, and takes no write", async () => {
	const [path, to] = [join(folder, "a.clew"), join(folder, "copy.clew")];
	const store = await createCase(path, { title: `Theft from ${NAME}`, chain: TEST_CHAIN, at: AT });
	const label = (entity: string): Label => ({
		...{ account: testAccount(1), category: "victim", entity, name: entity, source: `report of ${NAME}` },
		...{ retrievedAt: "2026-01-01", confidence: 50 },
	});
	await store.putLabels([label(NAME), { ...label("Exchange"), category: "exchange" }]);
	await store.putSource({ id: "file:1", kind: "file", name: `${NAME}.csv`, sha256: "", detail: "" });
	await store.putRecord("watch", "w", `{"note":"${NAME}"}`);
	await store.putRecord(DETECTIONS, testAccount(1), "[]");
	await store.putTrace("0123456789abcdef", [`{"title":"${NAME}"}`]);
	await store.close();
	const text = (value: string) => value.replaceAll(NAME, "a victim");
	const labels = (all: readonly Label[]) =>
		all.map((one) => ({ ...one, entity: text(one.entity), name: text(one.name), source: text(one.source) }));
	const documents = [{ kind: "served", id: "case", json: "{}" }];
	writeReadingCopy(path, to, { clean: { text, labels }, documents, traces: new Map([["fedcba9876543210", ["{}"]]]) });
	expect(readFileSync(path).includes("Quentin")).toBe(true);
	expect(readFileSync(to).includes("Quentin")).toBe(false);
	// As another process finds it: alone, and unwritable.
	const alone = join(folder, "alone");
	const copy = await openReadingCopy(to);
	expect(copy.info.title).toBe("Theft from a victim");
	expect((await copy.labelsOf(testAccount(1))).map(({ entity }) => entity).sort()).toEqual(["Exchange", "a victim"]);
	expect([await copy.custody(), await copy.traceIds(), (await copy.contents()).recordKinds]).toEqual([
		[],
		["fedcba9876543210"],
		[DETECTIONS, "served"],
	]);
	await expect(copy.putLabels([label("x")])).rejects.toThrow();
	await expect(copy.appendCustody(AT, "case created", "again")).rejects.toThrow();
	await copy.close();
	expect(() => writeReadingCopy(path, to, { clean: undefined, documents, traces: new Map() })).toThrow(/exists already/);
	await expect(openReadingCopy(alone)).rejects.toThrow(/no case/);
});
