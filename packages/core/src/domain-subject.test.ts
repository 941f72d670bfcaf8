import { describe, expect, it } from "vitest";
import { parseSite, siteSubject, subjectsAbove } from "./domain-subject.js";

const site = (text: string) => parseSite(text, "argument");

describe("a site", () => {
	it.each([
		["evil.example", "domain:evil.example"],
		["EVIL.Example.", "domain:evil.example"],
		["evil.example:8443/a?b#c", "domain:evil.example/a"],
		["https://user:secret@evil.example/a//b/", "domain:evil.example/a/b"],
		["https://good.example@evil.example/", "domain:evil.example"],
		["https://evil.example\\@good.example/", "domain:evil.example/@good.example"],
		["evil\u3002example", "domain:evil.example"],
		["\u0430\u0440\u0440\u04cf\u0435.example", "domain:xn--80ak6aa92e.example"],
		["192.0.2.7", "domain:192.0.2.7"],
		["http:evil.example/a", "domain:evil.example/a"],
		["hxxps[:]//www.evil[.]example/a", "domain:www.evil.example/a"],
		["hXXp://evil[.]example", "domain:evil.example"],
	])("%s is %s, as a browser reads it", (text, subject) => {
		expect(siteSubject(site(text))).toBe(subject);
	});

	it.each(["", "localhost", "javascript:alert(1)", "12345", "0x12", "a b.example", `${"a".repeat(3000)}.example`])("%s is none", (text) => {
		expect(() => site(text)).toThrow("is not a host name");
	});

	it("is spoken of by entries for itself, the domains above it and the paths above its page, and by no others", () => {
		expect(subjectsAbove(site("a.b.example/x/y"))).toEqual(
			["a.b.example", "b.example", "www.a.b.example"].flatMap((host) => [`domain:${host}`, `domain:${host}/x`, `domain:${host}/x/y`]),
		);
		expect(subjectsAbove(site("192.0.2.7"))).toEqual(["domain:192.0.2.7", "domain:www.192.0.2.7"]);
	});
});
