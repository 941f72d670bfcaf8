import {
	graphStoreContract,
	nftWordsContract,
	type StoreFixture,
	TEST_CHAIN,
	testAccount,
	testTransfer,
	utxoStoreContract,
} from "@clew/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obtainNeo4j, startNeo4j } from "../../../../scripts/services/neo4j.js";
import type { Service } from "../../../../scripts/services/service.js";
import { createNeo4jCase, openNeo4jCase, removeNeo4jCase } from "../index.js";
import { bind, connect } from "./client.js";
import { parseNeo4jUri } from "./uri.js";

const given = process.env["CLEW_NEO4J_URI"];
const libraries = given === undefined ? obtainNeo4j() : undefined;
let server: Service | undefined;
const url = () => given ?? server?.url ?? "";
let cases = 0;
/** A world takes a few seconds: each of its transactions is put alone, over the wire. */
const WORLDS = 12;

describe.skipIf(given === undefined && libraries === undefined)("Neo4j", () => {
	beforeAll(async () => {
		if (libraries !== undefined) server = await startNeo4j(libraries);
	});
	afterAll(async () => server?.stop());

	const fixture = (): StoreFixture => {
		const title = `contract ${process.pid} ${cases++}`;
		const uri = () => `${url()}?case=${encodeURIComponent(title)}`;
		return {
			open: () => createNeo4jCase(url(), { title, chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" }),
			reopen: async (store) => {
				await store.close();
				return openNeo4jCase(uri());
			},
			destroy: async () => void (await removeNeo4jCase(uri())),
		};
	};
	graphStoreContract("neo4j", fixture);
	nftWordsContract("neo4j", fixture);
	utxoStoreContract("neo4j", fixture, WORLDS);

	it("a case of an earlier layout learns when it is opened who paid inside of calls", async () => {
		const backend = fixture();
		const store = await backend.open();
		const { txHash: hash, position, source, provenance, ...paid } = testTransfer([10], 1, 2, 5n);
		const file = { id: source, kind: "file", name: "a", sha256: "", detail: "" } as const;
		const call = { hash, height: position.height, transfers: [{ ...paid, kind: "internal" as const, eventIndex: 0 }] };
		await store.putTransactions(TEST_CHAIN, [call], new Map([[position.height, 120]]), file, provenance);
		const client = await connect(parseNeo4jUri(url()));
		await client.write((run) => run("MATCH (k:ClewCase {id: $id}) SET k.layout = 3", { id: store.info.id }));
		await client.write((run) => run("MATCH ()-[t:TRANSFER]->() WHERE t.caller = $who REMOVE t.caller", { who: testAccount(1) }));
		await client.close();
		expect((await store.profile(testAccount(1), 1)).isContract).toBe(false);
		const reopened = await backend.reopen(store);
		expect((await reopened.profile(testAccount(1), 1)).isContract).toBe(true);
		await reopened.close();
		await backend.destroy();
	});

	it("tells a wrong password, a wrong database, an absent case and no server apart", async () => {
		const { host } = new URL(url().replace(/^neo4j/, "http"));
		await expect(openNeo4jCase(`neo4j://neo4j:wrong@${host}`)).rejects.toMatchObject({ code: "STORE_REFUSED", retryable: false });
		await expect(openNeo4jCase(`${url()}/nowhere`)).rejects.toMatchObject({ code: "STORE_REFUSED" });
		await expect(openNeo4jCase(`${url()}?case=nothing`)).rejects.toMatchObject({ code: "USAGE" });
		await expect(openNeo4jCase("neo4j://neo4j:x@127.0.0.1:1")).rejects.toMatchObject({ code: "STORE_UNREACHABLE", retryable: true });
	});
});

describe("what is sent to Neo4j", () => {
	it("whole numbers go as integers, and what exceeds 64 bits is refused instead of wrapped", () => {
		expect(bind({ a: 1, b: [2n ** 62n, "x", 0.5, undefined], d: null })).toEqual({ a: 1n, b: [2n ** 62n, "x", 0.5, null], d: null });
		expect(() => bind({ rows: [{ pos: 2n ** 63n }] })).toThrow(RangeError);
		expect(() => bind(-(2n ** 63n) - 1n)).toThrow(RangeError);
	});

	it("a URI is taken apart, and its password never stands in the URL", () => {
		expect(parseNeo4jUri("neo4j+s://ann:p%40ss@db.example:7000/team?case=purebit&policy=eu", {})).toEqual({
			url: "neo4j+s://db.example:7000?policy=eu",
			user: "ann",
			password: "p@ss",
			database: "team",
			caseName: "purebit",
		});
		expect(parseNeo4jUri("bolt://[::1]", { CLEW_NEO4J_USER: "u", CLEW_NEO4J_PASSWORD: "p" })).toMatchObject({
			url: "bolt://[::1]:7687",
			user: "u",
			password: "p",
			database: "",
		});
		expect(parseNeo4jUri("neo4j://127.0.0.1:80", {}).url).toBe("neo4j://127.0.0.1:80");
	});
});
