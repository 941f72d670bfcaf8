/** Where people of a country report a crime of this kind, by the office's own page. */
export interface HelpDesk {
	readonly name: string;
	/** Web address or phone number. */
	readonly where: string;
}

/**
 * Offices by country (ISO 3166-1 alpha-2), each by its own address. Which crimes an office takes and how is told by its page alone; a
 * country that is not here has its police.
 */
export const HELP_DESKS: Readonly<Record<string, readonly HelpDesk[]>> = {
	AU: [{ name: "ReportCyber", where: "https://www.cyber.gov.au/report" }],
};

/** The offices of a country; none where none is known here. */
export function helpDesksOf(country: string | undefined): readonly HelpDesk[] {
	return country === undefined ? [] : (HELP_DESKS[country.toUpperCase()] ?? []);
}
