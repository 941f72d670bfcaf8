import {
	addressOf,
	COVERED_KINDS,
	type Coverage,
	type Detection,
	erc20Asset,
	type Label,
	nativeAsset,
	nullAccount,
	unknownAccount,
} from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { isGenuineBridge } from "./passages/known-contracts.js";
import {
	coverageStop,
	DEFAULT_STOP_PARAMETERS,
	endedLabel,
	nobodyNamed,
	patternStop,
	serviceStop,
	standingStop,
	stopFor,
} from "./stops.js";

const ME = testAccount(1);
const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"a".repeat(40)}`);
const at = (height: number, asset = ETHER) => ({ position: { height, txIndex: 0, eventIndex: 0 }, asset });
const read = (fromHeight: number, toHeight: number, kinds = COVERED_KINDS as Coverage["kinds"]): Coverage => ({
	chain: TEST_CHAIN,
	fromHeight,
	toHeight,
	kinds,
	source: "s",
	note: "",
});
const profile = (more: object = {}) => ({ labels: [], isContract: false, coverage: [read(5, 9)], transfers: 3, ...more });
const label = (category: Label["category"], more: Partial<Label> = {}): Label => ({
	account: ME,
	category,
	entity: "E",
	name: "",
	source: "s",
	retrievedAt: "",
	confidence: 50,
	...more,
});
const detection = (kind: Detection["kind"], more: Partial<Detection> = {}): Detection => ({
	account: ME,
	kind,
	tier: "structural",
	heuristic: kind,
	version: 4,
	score: 60,
	reasons: [],
	parameters: {},
	source: "",
	evidence: [],
	...more,
});
const reason = (more: object, time: number | undefined = 100, parameters = DEFAULT_STOP_PARAMETERS) =>
	serviceStop(profile(more), parameters, time)?.reason;

describe("where a trace stops by whose an account is", () => {
	it("is at an address without a key, at a receiver whom nobody names, and at a published bridge, whatever else is said", () => {
		const of = (account: typeof ME) =>
			standingStop(account, profile({ labels: [label("exchange")] }), DEFAULT_STOP_PARAMETERS, 100)?.reason;
		expect([of(unknownAccount(TEST_CHAIN)), of(nullAccount(TEST_CHAIN)), of(ME)]).toEqual(["unknown-receiver", "burned", "service"]);
		const across = `${TEST_CHAIN}:0x5c7bcd6e7de5423a257d81b442095a1a6ced35c5` as typeof ME;
		expect(standingStop(across, profile(), DEFAULT_STOP_PARAMETERS, 100)).toEqual({
			reason: "bridge",
			detail: "published contract of across",
		});
		const entryPoint = `${TEST_CHAIN}:0x0000000071727de22e5e9d8baf0edac6f37da032` as typeof ME;
		expect(of(entryPoint)).toBe("entry-point");
		const pool = (chain: number) =>
			standingStop(`eip155:${chain}:0xfa7093cdd9ee6932b4eb2c9e1cde7ce00b1fa4b9` as typeof ME, profile(), DEFAULT_STOP_PARAMETERS, 100);
		expect([pool(1), pool(10)]).toEqual([{ reason: "mixer", detail: "published private pool of Railgun" }, undefined]);
		expect(standingStop(entryPoint, profile(), DEFAULT_STOP_PARAMETERS, 100)?.detail).toContain("EntryPoint 0.7 of ERC-4337");
	});

	it("is at labels of custodians, mixers, bridges and exchanges by code, of enough confidence; no other label stops money", () => {
		const by = (category: Label["category"], more: Partial<Label> = {}) => reason({ labels: [label(category, more)] });
		expect([by("exchange"), by("mixing_service"), by("bridge"), by("defi_dex"), by("phishing")]).toEqual([
			"service",
			"mixer",
			"bridge",
			"swap",
			undefined,
		]);
		expect([by("exchange", { confidence: 20 }), by("exchange", { confidence: 19 })]).toEqual(["service", undefined]);
		expect(serviceStop(profile({ labels: [label("exchange")] }), DEFAULT_STOP_PARAMETERS, 100)).toEqual({
			reason: "service",
			detail: "labelled E (exchange, confidence 50)",
			label: "held",
		});
	});

	it("is told by one label that held of several, and by none that had ended", () => {
		const [ended, held] = [label("exchange", { validUntil: "1970-01-01" }), label("mixing_service", { entity: "F" })];
		expect([reason({ labels: [ended, held] }), reason({ labels: [ended] })]).toEqual(["mixer", undefined]);
		expect(endedLabel([ended], DEFAULT_STOP_PARAMETERS, 100)).toBe(ended);
		expect(endedLabel([ended, label("phishing")], DEFAULT_STOP_PARAMETERS, 100)).toBe(ended);
		expect([
			endedLabel([ended, held], DEFAULT_STOP_PARAMETERS, 100),
			endedLabel([held], DEFAULT_STOP_PARAMETERS, 100),
			endedLabel([], DEFAULT_STOP_PARAMETERS, 100),
			endedLabel([ended], DEFAULT_STOP_PARAMETERS, undefined),
		]).toEqual([undefined, undefined, undefined, undefined]);
	});

	it("is told by behaviour where nobody labelled it: what is structural with enough score, or very many transfers", () => {
		const seen = (kind: Detection["kind"], more: Partial<Detection> = {}) => reason({ detections: [detection(kind, more)] });
		expect(["deposit-address", "custodial-service", "hot-wallet", "cold-wallet"].map((kind) => seen(kind as never))).toEqual(
			new Array(4).fill("service"),
		);
		expect([seen("mixer-pool"), seen("bridge"), seen("dex-pool"), seen("drainer")]).toEqual(["mixer", "bridge", "swap", undefined]);
		expect([seen("hot-wallet", { score: 59 }), seen("hot-wallet", { tier: "lead" })]).toEqual([undefined, undefined]);
		expect(reason({ detections: [detection("drainer"), detection("hot-wallet", { score: 1 }), detection("mixer-pool")] })).toBe("mixer");
		expect([reason({ transfers: 9_999 }), reason({ transfers: 10_000 })]).toEqual([undefined, "service"]);
		const named = serviceStop(profile({ detections: [detection("deposit-address", { counterpart: ME })] }), DEFAULT_STOP_PARAMETERS, 100);
		expect(named?.detail).toBe(`behaviour alone: deposit-address of ${addressOf(ME)} (heuristic version 4, score 60); nobody labelled it`);
		const both = serviceStop(profile({ labels: [label("exchange")], detections: [detection("mixer-pool")] }), DEFAULT_STOP_PARAMETERS, 100);
		expect([both?.reason, both && nobodyNamed(both), named && nobodyNamed(named), nobodyNamed(patternStop("mixer", "x"))]).toEqual([
			"service",
			false,
			true,
			true,
		]);
	});

	it("believes what bridges log where they are published, or labelled with enough confidence", () => {
		const genuine = (labels: readonly Label[]) => isGenuineBridge(ME, labels, 20);
		expect([genuine([]), genuine([label("bridge")]), genuine([label("bridge", { confidence: 20 })])]).toEqual([false, true, true]);
		expect([genuine([label("bridge", { confidence: 19 })]), genuine([label("exchange")])]).toEqual([false, false]);
	});
});

describe("where a trace stops by what was fetched", () => {
	const by = (more: object, height: number, asset = ETHER) => coverageStop(profile(more), at(height, asset));

	it("is outside of the heights of that kind of asset, both ends of them inside", () => {
		expect([5, 9].map((height) => by({}, height))).toEqual([undefined, undefined]);
		expect([4, 10].map((height) => by({}, height)?.reason)).toEqual(["unfetched", "unfetched"]);
		expect(by({ coverage: [read(5, 9, ["native"])] }, 7)).toBeUndefined();
		expect(by({ coverage: [read(5, 9, ["native"])] }, 7, TOKEN)?.detail).toBe("its token history at height 7 is not in the case");
		expect(by({}, 4)?.detail).toBe("its native history at height 4 is not known to be whole in the case");
	});

	it("is at a contract whose calls were not fetched at that height", () => {
		const coverage = [read(5, 9, ["native"]), read(8, 9, ["internal"])];
		expect([by({ isContract: true, coverage }, 7)?.reason, by({ isContract: true, coverage }, 8)]).toEqual(["contract-unknown", undefined]);
		expect(by({ coverage }, 7)).toBeUndefined();
	});

	it("is asked after whose the account is", () => {
		const stop = (more: object) => stopFor(ME, profile(more), at(20), DEFAULT_STOP_PARAMETERS, 100)?.reason;
		expect([stop({}), stop({ labels: [label("exchange")] })]).toEqual(["unfetched", "service"]);
		expect(stopFor(ME, profile(), at(7), DEFAULT_STOP_PARAMETERS, 100)).toBeUndefined();
	});
});
