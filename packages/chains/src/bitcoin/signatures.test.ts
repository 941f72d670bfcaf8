import { expect, it } from "vitest";
import { signatureScope } from "./signatures.js";

const bytes = (hex: string) => Buffer.from(hex, "hex");
const scope = (script: string, ...witness: string[]) => signatureScope({ script: bytes(script), witness: witness.map(bytes) });
const KEY = `02${"11".repeat(32)}`;
const der = (hashType: string) => `3044${"02".repeat(68)}${hashType}`;
const schnorr = (hashType: string) => `${"5a".repeat(64)}${hashType}`;
const push = (hex: string) => `${(hex.length / 2).toString(16).padStart(2, "0")}${hex}`;
const CONTROL = `c0${"33".repeat(32)}`;

it("reads what each form of spending agreed to", () => {
	expect(scope(push(der("01")) + push(KEY))).toBe("all-inputs");
	expect(scope(push(der("81")) + push(KEY))).toBe("own-input");
	expect(scope("", der("83"), KEY)).toBe("own-input");
	expect(scope(push(`0014${"22".repeat(20)}`), der("01"), KEY)).toBe("all-inputs");
	expect(scope("", schnorr(""))).toBe("all-inputs");
	expect(scope("", schnorr("83"))).toBe("own-input");
	expect(scope("", schnorr("83"), "50aabb")).toBe("own-input");
	expect(scope("", schnorr("02"), `20${"44".repeat(32)}ac`, CONTROL)).toBe("all-inputs");
});

it("one signature that covers all inputs is enough, as in Lightning's HTLC transactions", () => {
	expect(scope("", "", der("83"), der("01"), "aa".repeat(32), `52${"21".repeat(30)}ae`)).toBe("all-inputs");
	expect(scope("", "", der("83"), der("83"), `52${"21".repeat(30)}ae`)).toBe("own-input");
});

it("a spending without a signature is nobody's; what was left out or cannot be read is unknown", () => {
	expect(scope("51")).toBe("nothing");
	expect(scope("", "51")).toBe("nothing");
	expect(scope("", "aa".repeat(32), `a820${"ab".repeat(32)}87`)).toBe("nothing");
	expect(scope("", "51", CONTROL)).toBe("nothing");
	expect(scope("")).toBeUndefined();
	expect(scope(push(`0014${"22".repeat(20)}`))).toBeUndefined();
	expect(scope("", "51", `fa${CONTROL.slice(2)}`)).toBeUndefined();
	expect(scope(push(`3045${"02".repeat(68)}01`) + push(KEY))).toBeUndefined();
	expect(scope("4c")).toBeUndefined();
});
