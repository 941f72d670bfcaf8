import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HostPace } from "./pace.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout"] }));
afterEach(() => void vi.useRealTimers());

const sleep = (ms: number) => new Promise<void>((done) => void setTimeout(done, ms));

/** When so many requests that come together are sent, in ms from now. */
async function sentAt(pace: HostPace, requests: number): Promise<number[]> {
	const began = performance.now();
	const turns = Array.from({ length: requests }, () => pace.turn(sleep).then(() => performance.now() - began));
	await vi.runAllTimersAsync();
	return Promise.all(turns);
}

it("a host that never complained is asked at once", async () => {
	expect(await sentAt(new HostPace(), 5)).toEqual([0, 0, 0, 0, 0]);
});

it("one that complained is asked with pauses, longer ones after each complaint, and many complaints at once count once", async () => {
	const pace = new HostPace();
	for (let i = 0; i < 8; i++) pace.slower();
	expect(await sentAt(pace, 3)).toEqual([0, 50, 100]);
	await vi.advanceTimersByTimeAsync(1_000);
	pace.slower();
	expect(await sentAt(pace, 3)).toEqual([0, 100, 200]);
});

it("pauses become shorter while all goes well, and never shorter than the host said", async () => {
	const [pace, told] = [new HostPace(), new HostPace()];
	pace.slower();
	told.slower(3);
	for (let i = 0; i < 400; i++) for (const one of [pace, told]) one.answered();
	expect([pace.gap, told.gap]).toEqual([0, 334]);
});

it("a host that names a rate is asked at that, and a little slower where that is refused, too", async () => {
	const pace = new HostPace();
	for (let i = 0; i < 3; i++) pace.slower();
	pace.slower(3);
	await vi.advanceTimersByTimeAsync(1_000);
	pace.slower(3);
	expect(pace.gap).toBe(334);
	await vi.advanceTimersByTimeAsync(1_000);
	pace.slower(3);
	expect(pace.gap).toBe(417.5);
});

it("nobody asks while a host is rested, and all wait for the same end", async () => {
	const pace = new HostPace();
	const rests = [pace.rest(7_000, sleep), pace.rest(9_000, sleep)];
	expect(await sentAt(pace, 2)).toEqual([7_000, 7_000]);
	expect(await Promise.all(rests)).toEqual([true, false]);
});
