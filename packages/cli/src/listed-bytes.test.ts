import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tronDigits } from "@clew/core";
import { openLabelLibrary } from "@clew/graph-store/label-library";
import { expect, it } from "vitest";
import { ListedBytes } from "./listed-bytes.js";

it("finds listed addresses at any byte of call data, of another family's form too, and of lists that come later; others never", () => {
	const folder = mkdtempSync(join(tmpdir(), "clew-listed-"));
	const library = openLabelLibrary(join(folder, "labels.db"), { create: true });
	const put = (id: string, category: string, ...subjects: string[]) =>
		library.put(
			{
				...{ id, publisher: id, licence: "", retrievedAt: "2026-01-01", file: { name: id, sha256: id, bytes: 1 } },
				labels: subjects.map(
					(subject) => ({ subject, category, entity: "E", name: "", confidence: 90, validFrom: "", validUntil: "" }) as never,
				),
			},
			"2026-01-01T00:00:00Z",
		);
	const [thief, shop, later] = ["a", "b", "c"].map((one) => createHash("sha1").update(one).digest("hex")) as [string, string, string];
	put("a", "phishing", `eip155:1:0x${thief}`, "domain:evil.example");
	put("b", "exchange", `eip155:1:0x${shop}`);
	const listed = new ListedBytes(library);
	const found = (hex: string) => [...listed.candidates(hex)];
	for (const before of ["", "01", "0102030405"]) expect(found(`${before}${thief}07${thief}`)).toEqual([thief]);
	expect(found(`a${thief}b`)).toEqual([]);
	expect(found(shop + later)).toEqual([]);
	put("c", "hack", `eip155:137:0x${later}`, "tron:0x2b6653dc:TJRabPrwbZy45sbavfcjinPJC18kjpRTv8");
	expect(found(shop + later)).toEqual([later]);
	expect(found(`00${tronDigits("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8")}`)).toEqual([tronDigits("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8")]);
	library.close();
	rmSync(folder, { recursive: true });
});
