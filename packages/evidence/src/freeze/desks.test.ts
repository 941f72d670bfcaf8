import { FREEZABLE_TOKENS, sameOwner } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { AT, exchangeLabel, failuresOf, smallTrace } from "../verify/bundle.test-util.js";
import { type Desk, deskOf, namesOf, publishedChannel, shippedDesks } from "./desks.js";
import { packetFiles } from "./packet.js";
import { type Recipient, withKnownIssuers } from "./recipients.js";
import type { RequestDocument } from "./request-document.js";
import { planRequests } from "./requests.js";

const DAY = /^20\d\d-[01]\d-[0-3]\d$/;

describe("the desks that ship", () => {
	it.each(shippedDesks().map((desk) => [desk.entity, desk] as const))("%s: has a source, a date, and is found by its names", (_, desk) => {
		const { source, read, dated = read, languages, channel } = desk;
		expect(new URL(source)).toMatchObject({ protocol: "https:", href: source, username: "", search: "", hash: "" });
		for (const day of [read, dated]) expect([day, DAY.test(day) && !Number.isNaN(Date.parse(day))]).toEqual([day, true]);
		expect(dated <= read).toBe(true);
		for (const language of languages) expect(language).toMatch(/^[a-z]{2}$/);
		if (channel.by === "mail") expect(channel.address).toMatch(/^[\w.-]+@[\w-]+(\.[\w-]+)+$/);
		for (const name of namesOf(desk)) expect(deskOf(name)).toBe(desk);
	});

	it("no two are of one owner, whatever they are called", () => {
		const desks = shippedDesks();
		const twice = desks.flatMap((one, i) =>
			desks.slice(i + 1).filter((other) => namesOf(one).some((a) => namesOf(other).some((b) => sameOwner(a, b)))),
		);
		expect(twice).toEqual([]);
		expect(desks.map(({ entity }) => entity)).toEqual([...new Set(desks.map(({ entity }) => entity))]);
	});

	it("who issues a token and has a desk has that of an issuer", () => {
		const issuers = new Set(FREEZABLE_TOKENS.map(({ issuer }) => issuer));
		for (const issuer of issuers) expect([undefined, "issuer"]).toContain(deskOf(issuer)?.kind);
		for (const { entity, kind } of shippedDesks())
			if (kind === "issuer") expect([...issuers].some((issuer) => sameOwner(issuer, entity))).toBe(true);
	});

	it.each([
		["Binance 14 (hot wallet)", "Binance"],
		["binance", "Binance"],
		["OKEx", "OKX"],
		["MXC", "MEXC"],
		["Gate.com", "Gate.io"],
		["gate.io: Deposit Wallet", "Gate.io"],
		["Gate EU", "Gate EU"],
		["Binance US", undefined],
		["Gate Us", undefined],
		["OKX TR", undefined],
		["Okcoin", undefined],
		["Upbit", undefined],
		["a wallet that was paid by Binance", undefined],
		["", undefined],
	])("%s has the desk of %s", (name, entity) => {
		expect(deskOf(name)?.entity).toBe(entity);
	});
});

describe("a request to somebody whom the registry does not name", () => {
	const HOLDER = testAccount(2);
	const own = (entity: string, channel = ""): Recipient => ({ entity, name: "", address: "", channel, issues: [], issued: [] });
	const packet = async (entity: string, recipients: readonly Recipient[]) => {
		const traced = await smallTrace({ labels: [exchangeLabel(HOLDER, entity)] });
		const result = { ...traced, edges: traced.edges.map((edge) => ({ ...edge, time: `2019-06-01T00:00:0${edge.row}Z` })) };
		const { requests } = planRequests(result, withKnownIssuers(recipients), { only: entity });
		const details = { requester: "", legalBasis: "", jurisdiction: "", handling: "" };
		const info = { ...result.case, chain: TEST_CHAIN, createdAt: AT };
		const [request] = requests;
		if (request === undefined) throw new Error("there is no request");
		const made = await packetFiles({ info, details, result, request, balances: [], toolVersion: "0" });
		const files = new Map([...made].map(([path, content]) => [path, Buffer.from(content)]));
		const document = JSON.parse(String(files.get("request.json"))) as RequestDocument;
		return { document, text: String(files.get("request.txt")).replace(/\s+/g, " "), failures: await failuresOf(files) };
	};

	it("states the channel that its own page publishes, where and of when, and verifies", async () => {
		const { document, text, failures } = await packet("OKX 3", []);
		const channel = "Kodex portal; published channel (as of 2025-07-29, https://www.okx.com/cs/help/360021858931): verify before use";
		expect(document.to).toEqual({ entity: "OKX 3", channel });
		expect(document.blanks).toContain("to.address");
		expect(document.blanks).not.toContain("to.channel");
		expect(text).toContain("by Kodex portal; published channel (as of 2025-07-29, https[:]//");
		expect(failures).toEqual([]);
	});

	it("says of a page without a date that it has none", () => {
		const page = "https://www.bitget.com/vi/support/articles/12560603800342";
		const published = `published channel (of no date, in a copy read 2026-11-30, ${page}): verify before use`;
		expect(publishedChannel(deskOf("Bitget") as Desk)).toBe(`mail to lawenforcement@bitget.com; ${published}`);
	});

	it.each([
		["is reached as it says", "OKX", own("okx", "by courier"), "by courier"],
		["is reached as nobody said, where it does not", "OKX", own("OKX"), ""],
		["under an older name is reached as nobody said", "OKX", own("OKEx", "by courier"), undefined],
		["is reached as nobody said, whatever a label calls its wallet", "OKX 3", own("OKX", "by courier"), undefined],
	])("who stands in the registry %s", async (_, entity, recipient, channel) => {
		const { document, failures } = await packet(entity, [recipient]);
		expect(document.to.channel).toBe(channel);
		expect(document.blanks.includes("to.channel")).toBe(!channel);
		expect(failures).toEqual([]);
	});

	it("has no channel where none ships", async () => {
		const { document, failures } = await packet("Example", []);
		expect([document.to, document.blanks.includes("to.channel")]).toEqual([{ entity: "Example" }, true]);
		expect(failures).toEqual([]);
	});
});
