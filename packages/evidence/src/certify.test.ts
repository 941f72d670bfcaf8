import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeNew } from "./bundle/new-file.js";
import { CERTIFICATE_FIELDS, NO_CERTIFICATE_FIELDS, readCertificateFields } from "./certify/fields.js";
import { CERTIFICATION_LAWS, certificationLaw, certificationTemplate } from "./certify/laws.js";
import { fillTemplate } from "./freeze/template.js";

const folder = mkdtempSync(join(tmpdir(), "clew-certify-"));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wordingOf = (id: string) => certificationTemplate(certificationLaw(id)).replace(/\s+/g, " ");

describe("laws of certifications", () => {
	it("has each law once, with its rule, its year and what it asks", () => {
		const ids = CERTIFICATION_LAWS.map(({ id }) => id);
		expect(ids).toEqual([...new Set(ids)]);
		expect(ids).toEqual(expect.arrayContaining(["fre-902", "cpr-35", "crimpr-19", "bsa-63"]));
		for (const { citation, asks } of CERTIFICATION_LAWS) {
			expect(citation).toMatch(/\b(1[89]|20)\d\d\b/);
			expect(asks.length).toBeGreaterThan(2);
		}
		expect(() => certificationLaw("fre-903")).toThrow(/no certification is drafted/);
	});

	it.each(CERTIFICATION_LAWS)("the wording of $id identifies the bundle, leaves the signature to a person, and signs nothing", (law) => {
		const template = certificationTemplate(law);
		for (const needed of ["bundle", "made", "custody", "verified", "known", "limits", "name", "place"])
			expect(template).toContain(`{{${needed}}}`);
		expect(template).toMatch(/\{\{blank: signature[^}]*\}\}/);
		expect(template).toMatch(/\{\{date(_day_first)?\}\}/);
	});

	it("has the words that a law prescribes", () => {
		const perjury = "under penalty of perjury";
		expect(wordingOf("fre-902")).toContain(`I declare ${perjury} that the foregoing is true and correct. Executed on {{date}}.`);
		expect(wordingOf("fre-902")).toContain(
			`I declare ${perjury} under the laws of the United States of America that the foregoing is true and correct. Executed on {{date}}.`,
		);
		expect(wordingOf("cpr-35")).toContain(
			"I confirm that I have made clear which facts and matters referred to in this report are within my own knowledge and which are not. Those that are within my own knowledge I confirm to be true. The opinions I have expressed represent my true and complete professional opinions on the matters to which they refer.",
		);
		expect(wordingOf("cpr-35")).toContain("without an honest belief in its truth.");
		for (const box of ["[ ] SHA1", "[x] SHA256", "[ ] MD5", "Part A (to be filled by the party)", "Part B (to be filled by the expert)"])
			expect(wordingOf("bsa-63")).toContain(box);
	});

	it("ticks no box of a hash in the expert's part, who computes their own", () => {
		const [, expert = ""] = wordingOf("bsa-63").split("Part B (to be filled by the expert)");
		expect(expert).not.toContain("[x]");
		expect(expert).not.toMatch(/\{\{(name|device|address|relation|date)/);
	});
});

describe("what a template may hold", () => {
	const values = { texts: { a1: "one" }, empty: {}, blocks: {}, conditions: {}, subtitle: "", handling: "" };
	const filled = (line: string) => fillTemplate(`title\n# s\n${line}`, values, "t.txt").sections[0]?.blocks;

	it.each(["{{A}}", "{{a-b}}", "a {{", "{{a1}} }}", "{{a1"])("refuses %s, which would stay in a paper as it is", (line) => {
		expect(() => filled(line)).toThrow(/is no placeholder/);
	});

	it("replaces a placeholder that has a digit, and refuses one that is not known", () => {
		expect(filled("{{a1}}!")).toEqual([{ kind: "text", parts: ["one", "!"] }]);
		expect(() => filled("{{a2}}")).toThrow(/\{\{a2\}\} is not known/);
	});
});

describe("the file of fields", () => {
	const read = (fields: object) => {
		writeFileSync(at("fields.json"), JSON.stringify({ schema: "clew.certificate-fields/1", ...fields }));
		return readCertificateFields(at("fields.json"));
	};

	it("gives what was said, and nothing for the rest", () => {
		expect(read({ name: " A. Person ", date: "2027-01-31" })).toEqual({ ...NO_CERTIFICATE_FIELDS, name: "A. Person", date: "2027-01-31" });
		expect(Object.keys(NO_CERTIFICATE_FIELDS)).toEqual(Object.keys(CERTIFICATE_FIELDS));
	});

	it.each([{ name: "a\nb" }, { name: "x".repeat(501) }, { date: "31.1.2027" }, { date: "2027-02-30" }, { signature: "/s/ A. Person" }])(
		"refuses %j",
		(fields) => {
			expect(() => read(fields)).toThrow(/fields/);
		},
	);
});

it("writes no file over another", () => {
	writeNew(at("new.txt"), "first", "why not");
	expect(() => writeNew(at("new.txt"), "second", "why not")).toThrow(/exists already/);
	expect(() => writeNew(at("none/new.txt"), "x", "why not")).toThrow(/cannot be written/);
	expect(readFileSync(at("new.txt"), "utf8")).toBe("first");
});
