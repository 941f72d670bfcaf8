import { PROVENANCE_TIERS } from "@clew/core";
import { describe, expect, it } from "vitest";
import { tierCode, tierOf } from "./rows.js";

describe("tiers as numbers", () => {
	it("mean what they meant in every case that was ever stored", () => {
		expect([0, 1, 2, 3, 4].map(tierOf)).toEqual(["proven", "quorum", "node", "imported", "node-unverified"]);
		expect(PROVENANCE_TIERS.map(tierCode).map(tierOf)).toEqual(PROVENANCE_TIERS);
	});
});
