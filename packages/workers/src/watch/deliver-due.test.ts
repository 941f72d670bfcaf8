import { ClewError, type GraphStore } from "@clew/core";
import { memoryRecords } from "@clew/core/testing";
import { beforeEach, expect, it } from "vitest";
import { type Deliver, deliverDue, deliverOne } from "./deliver.js";
import { type Alert, type Delivery, listDeliveries, listUndelivered, RECORDS, readDelivery } from "./model.js";

const alert: Alert = {
	schema: "clew.alert/1",
	id: "a",
	watch: "w",
	case: "c",
	rules: ["any-outflow"],
	status: "seen",
	revision: 1,
	chain: "eip155:1",
	subject: "s",
	from: "f",
	to: "t",
	direction: "out",
	asset: "x",
	amount: "1",
	kind: "native",
	txHash: "0x1",
	height: 1,
	blockHash: "0x2",
	time: 12,
	confirmations: 1,
	counterparty: "",
};
/** The longest wait between two attempts, and how many there are before a person is asked: docs of `clew watch`. */
const [LONGEST, ATTEMPTS] = [30_000, 2_880];

const records = () => memoryRecords() as GraphStore;
let store: GraphStore;
let sent: string[];
beforeEach(() => {
	store = records();
	sent = [];
});
const waiting = (id: string, more: Partial<Delivery> = {}) =>
	store.putRecord(
		RECORDS.delivery,
		id,
		JSON.stringify({ id, channel: "stdout", alert, attempts: 0, nextAt: 0, lastError: "", ...more } satisfies Delivery),
	);
const arrives: Deliver = async ({ id }) => void sent.push(id);
const fails: Deliver = async ({ id, channel }) => {
	sent.push(id);
	throw new ClewError("NOTIFY_FAILED", `${channel} did not take it`, { retryable: true });
};

it("what has arrived is gone, and what was gone before counts as arrived and is sent to nobody", async () => {
	await waiting("a");
	expect(await deliverOne(store, "a", arrives, 0)).toBe(true);
	expect(await listDeliveries(store)).toEqual([]);
	expect(await deliverOne(store, "a", arrives, 0)).toBe(true);
	expect(sent).toEqual(["a"]);
});

it("what did not arrive waits longer each time, up to half a minute, and says why without what may be secret", async () => {
	await waiting("a", { channel: "exec:/bin/tell s3cret-word" });
	const waits: number[] = [];
	for (let attempt = 1; attempt <= 8; attempt++) {
		expect(await deliverOne(store, "a", fails, 1_000)).toBe(false);
		const { attempts = 0, nextAt = 0, lastError } = (await readDelivery(store, "a")) ?? {};
		expect([attempts, lastError]).toEqual([attempt, expect.not.stringContaining("s3cret-word")]);
		expect(lastError).toMatch(/^exec:\/bin\/tell .* did not take it$/);
		waits.push(nextAt - 1_000);
	}
	expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, LONGEST, LONGEST]);
	await deliverOne(store, "a", async () => Promise.reject("no error at all"), 0);
	expect((await readDelivery(store, "a"))?.lastError).toBe("no error at all");
});

it("after a day's attempts it is put aside for a person, and not before", async () => {
	await waiting("a", { attempts: ATTEMPTS - 2 });
	await deliverOne(store, "a", fails, 0);
	expect([(await listDeliveries(store)).length, (await listUndelivered(store)).length]).toEqual([1, 0]);
	await deliverOne(store, "a", fails, 0);
	expect([await listDeliveries(store), await listUndelivered(store)]).toEqual([[], [expect.objectContaining({ attempts: ATTEMPTS })]]);
});

it("an interrupt is no attempt, a failure under a signal that nobody gave is one", async () => {
	await waiting("a");
	const stop = new AbortController();
	await deliverOne(store, "a", fails, 0, stop.signal);
	expect((await readDelivery(store, "a"))?.attempts).toBe(1);
	stop.abort();
	expect(await deliverOne(store, "a", fails, 0, stop.signal)).toBe(false);
	expect((await readDelivery(store, "a"))?.attempts).toBe(1);
	expect(await deliverDue(store, arrives, LONGEST, stop.signal)).toBe(0);
	expect((await listDeliveries(store)).length).toBe(1);
});

it("sends what is due from its very time on, and what a clock that was set back would hold up for longer than the longest wait", async () => {
	const due = async (nextAt: number) => {
		store = records();
		await waiting("a", { nextAt });
		return deliverDue(store, arrives, 50_000);
	};
	expect(await Promise.all([0, 50_000].map(due))).toEqual([1, 1]);
	expect([await due(50_001), await due(50_000 + LONGEST), await due(50_001 + LONGEST)]).toEqual([0, 0, 1]);
});

it("a place that fails gets nothing more this time, the others get all of theirs, and told is how many arrived", async () => {
	for (const id of ["a", "b", "c"]) await waiting(id, { channel: "exec:/bin/broken" });
	for (const id of ["d", "e"]) await waiting(id);
	const deliver: Deliver = (delivery) => (delivery.channel === "stdout" ? arrives : fails)(delivery);
	expect(await deliverDue(store, deliver, 0)).toBe(2);
	expect([...sent].sort()).toEqual(["a", "d", "e"]);
	expect((await listDeliveries(store)).map(({ id, attempts }) => [id, attempts])).toEqual([
		["a", 1],
		["b", 0],
		["c", 0],
	]);
});
