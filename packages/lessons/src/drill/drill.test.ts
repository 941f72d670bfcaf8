import { sharesEnds } from "@clew/core";
import { getAddress } from "ethers";
import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../languages.js";
import { makeDrill, nextDrills, scoreOf } from "./drill.js";
import { markFindings } from "./investigation.js";
import { CHANNELS } from "./scenes.js";

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);
const ADDRESS = /0x[0-9a-fA-F]{40}(?![0-9a-fA-F])/g;

describe("drills", () => {
	it.each(LANGUAGES)("%s: half of each channel is fine, no fact is left open, and the same seed gives the same", (language) => {
		for (const channel of CHANNELS) {
			const drill = makeDrill({ channel, seed: 7, language, count: 8 });
			expect(drill.filter(({ trap }) => trap)).toHaveLength(4);
			for (const { text, why } of drill) expect([...text, why].join(" ")).not.toMatch(/[{}]/);
			expect(makeDrill({ channel, seed: 7, language, count: 8 })).toEqual(drill);
		}
		expect(makeDrill({ seed: 8, language, count: 40 })).not.toEqual(makeDrill({ seed: 9, language, count: 40 }));
	});

	it("addresses are true to the chain: checksums hold, a trap's look-alike is one, and a fine one is the same", () => {
		let pairs = 0;
		for (const seed of SEEDS)
			for (const { text, trap } of makeDrill({ channel: "wallet", seed, language: "en", count: 12 })) {
				const found = text.join("\n").match(ADDRESS) ?? [];
				for (const address of found) expect(getAddress(address.toLowerCase())).toBe(address);
				const [known, asked] = found;
				if (known === undefined || asked === undefined) continue;
				pairs++;
				expect(known === asked).toBe(!trap);
				if (trap) expect(sharesEnds(known.toLowerCase(), asked.toLowerCase(), { each: 3, together: 8, oneEnd: 8 })).toBe(true);
			}
		expect(pairs).toBe(3 * SEEDS.length);
	});

	it.each([0, 3, 14])("of %i messages of one channel is refused", (count) => {
		expect(() => makeDrill({ channel: "wallet", seed: 1, language: "en", count })).toThrow(/even number of messages from 2 to 12/);
	});

	it("are scored by hits and by false alarms", () => {
		const drill = makeDrill({ seed: 1, language: "en", count: 8 });
		const all = (said: boolean) =>
			scoreOf(
				drill,
				drill.map(() => said),
			);
		expect(all(true)).toEqual({ traps: 4, hits: 4, benign: 4, alarms: 4 });
		expect(all(false)).toEqual({ traps: 4, hits: 0, benign: 4, alarms: 0 });
		expect(
			scoreOf(
				drill,
				drill.map(({ trap }) => trap),
			),
		).toEqual({ traps: 4, hits: 4, benign: 4, alarms: 0 });
		const { traps, benign } = scoreOf(drill, [true, true]);
		expect(traps + benign).toBe(2);
	});

	it("are due again after 1, 7 and 30 days, channel by channel", () => {
		const done = (channel: "mail" | "all", ...days: number[]) =>
			days.map((day) => ({ channel, at: `2026-01-${String(day).padStart(2, "0")}T00:00:00Z`, seed: 1, ...scoreOf([], []) }));
		const due = (...all: ReturnType<typeof done>) => nextDrills(all).map((one) => `${one.channel} ${one.due.slice(0, 10)}`);
		expect(due(...done("mail", 1))).toEqual(["mail 2026-01-02"]);
		expect(due(...done("mail", 1, 2))).toEqual(["mail 2026-01-09"]);
		expect(due(...done("mail", 1, 2, 9))).toEqual(["mail 2026-02-08"]);
		expect(due(...done("mail", 1, 2, 9, 10), ...done("all", 5))).toEqual(["all 2026-01-06", "mail 2026-02-09"]);
	});
});

describe("an investigation is marked", () => {
	const ends = { a: "60", b: "40" };
	it("by what is where it is, what is not, and whom it accuses", () => {
		const marked = markFindings(ends, [
			{ account: "a", amount: 70n },
			{ account: "b", amount: 15n },
			{ account: "b", amount: 5n },
			{ account: "c", amount: 10n },
		]);
		expect(marked).toEqual({
			stolen: 100n,
			right: 80n,
			wrong: 20n,
			ends: [
				{ account: "a", there: 60n, found: 70n },
				{ account: "b", there: 40n, found: 20n },
			],
			accused: ["c"],
		});
		expect(markFindings(ends, [])).toMatchObject({ right: 0n, wrong: 0n, accused: [] });
	});
});
