import { KNOWN_BRIDGES } from "@clew/core";
import { expect, it } from "vitest";
import { PLAIN_FEES as EXPORTED } from "../../../chains/src/evm/proofs.js";
import { PLAIN_FEES } from "./evm/block.js";
import { publishedBridge } from "./evm/bridges.js";

it("the verifier knows by itself the chains whose fees the exporter proves, and the same contracts of bridges", () => {
	expect([...PLAIN_FEES]).toEqual([...EXPORTED]);
	expect(KNOWN_BRIDGES.size).toBeGreaterThan(5);
	for (const [account, protocol] of KNOWN_BRIDGES) expect(publishedBridge(account)).toBe(protocol);
});
