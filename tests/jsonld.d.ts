declare module "jsonld" {
	/** What the tests use of it. */
	const jsonld: { toRDF(document: object): Promise<object>; expand(document: object, options: { safe: boolean }): Promise<object[]> };
	export = jsonld;
}
