import { expect, it } from "vitest";
import { fromBase64, fromHex, isHex } from "./bytes.js";

it("reads long base64 and hex, and refuses what is none", () => {
	const long = Buffer.alloc(9_000_001, 7);
	expect(fromBase64(long.toString("base64")).length).toBe(long.length);
	expect(isHex(long.toString("hex"))).toBe(true);
	for (const text of ["A", "AA", "AAA", "A===", "AA=A", "=", "AAAA=", "AA A", "AAAA\n"])
		expect(() => fromBase64(text), text).toThrow("not base64");
	expect([..."AAA="].length + fromBase64("AAA=").length + fromBase64("AA==").length + fromBase64("").length).toBe(7);
	for (const text of ["0", "0x0", "AB", "0g", "ab\n"]) expect(() => fromHex(text), text).toThrow("not lower-case hex");
});
