/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Country codes and names.
 *
 * Two letters (the second may be a digit: A1, A2) are an index into one array of names, so that a
 * code is checked and named without a search; range tables ask for a million. The names are those
 * that ISO 3166-1 gives in English, or the usual one where the standard's is a formula ("North
 * Korea" for "Korea (the Democratic People's Republic of)"). Beyond ISO 3166-1 stand codes that
 * are found in registry files and range tables: EU and AP, which are regions and stay visible as
 * such, old range tables' A1, A2 and O1, and codes withdrawn since (ISO 3166-3), which files of
 * their time use. Of the codes given twice, the later meaning is named (CS). A code that stands in
 * no row is unknown.
 *
 * People's names are compared as sets of words: lower case, without accents, punctuation and the
 * words "the", "of", "and". So "Korea, Republic of", "Republic of Korea" and "Korea (the Republic
 * of)" are one row.
 */
#include "place/country.h"

#include <string.h>

#define CODE(a, b) (((a) - 'A') * 36 + ((b) <= '9' ? (b) - '0' + 26 : (b) - 'A'))


static const char *const names[PLACE_COUNTRY_MAX] = {
	/* ISO 3166-1 */
	[CODE('A', 'D')] = "Andorra",
	[CODE('A', 'E')] = "United Arab Emirates",
	[CODE('A', 'F')] = "Afghanistan",
	[CODE('A', 'G')] = "Antigua and Barbuda",
	[CODE('A', 'I')] = "Anguilla",
	[CODE('A', 'L')] = "Albania",
	[CODE('A', 'M')] = "Armenia",
	[CODE('A', 'O')] = "Angola",
	[CODE('A', 'Q')] = "Antarctica",
	[CODE('A', 'R')] = "Argentina",
	[CODE('A', 'S')] = "American Samoa",
	[CODE('A', 'T')] = "Austria",
	[CODE('A', 'U')] = "Australia",
	[CODE('A', 'W')] = "Aruba",
	[CODE('A', 'X')] = "Åland Islands",
	[CODE('A', 'Z')] = "Azerbaijan",
	[CODE('B', 'A')] = "Bosnia and Herzegovina",
	[CODE('B', 'B')] = "Barbados",
	[CODE('B', 'D')] = "Bangladesh",
	[CODE('B', 'E')] = "Belgium",
	[CODE('B', 'F')] = "Burkina Faso",
	[CODE('B', 'G')] = "Bulgaria",
	[CODE('B', 'H')] = "Bahrain",
	[CODE('B', 'I')] = "Burundi",
	[CODE('B', 'J')] = "Benin",
	[CODE('B', 'L')] = "Saint Barthélemy",
	[CODE('B', 'M')] = "Bermuda",
	[CODE('B', 'N')] = "Brunei",
	[CODE('B', 'O')] = "Bolivia",
	[CODE('B', 'Q')] = "Bonaire, Sint Eustatius and Saba",
	[CODE('B', 'R')] = "Brazil",
	[CODE('B', 'S')] = "Bahamas",
	[CODE('B', 'T')] = "Bhutan",
	[CODE('B', 'V')] = "Bouvet Island",
	[CODE('B', 'W')] = "Botswana",
	[CODE('B', 'Y')] = "Belarus",
	[CODE('B', 'Z')] = "Belize",
	[CODE('C', 'A')] = "Canada",
	[CODE('C', 'C')] = "Cocos (Keeling) Islands",
	[CODE('C', 'D')] = "Democratic Republic of the Congo",
	[CODE('C', 'F')] = "Central African Republic",
	[CODE('C', 'G')] = "Republic of the Congo",
	[CODE('C', 'H')] = "Switzerland",
	[CODE('C', 'I')] = "Côte d'Ivoire",
	[CODE('C', 'K')] = "Cook Islands",
	[CODE('C', 'L')] = "Chile",
	[CODE('C', 'M')] = "Cameroon",
	[CODE('C', 'N')] = "China",
	[CODE('C', 'O')] = "Colombia",
	[CODE('C', 'R')] = "Costa Rica",
	[CODE('C', 'U')] = "Cuba",
	[CODE('C', 'V')] = "Cabo Verde",
	[CODE('C', 'W')] = "Curaçao",
	[CODE('C', 'X')] = "Christmas Island",
	[CODE('C', 'Y')] = "Cyprus",
	[CODE('C', 'Z')] = "Czechia",
	[CODE('D', 'E')] = "Germany",
	[CODE('D', 'J')] = "Djibouti",
	[CODE('D', 'K')] = "Denmark",
	[CODE('D', 'M')] = "Dominica",
	[CODE('D', 'O')] = "Dominican Republic",
	[CODE('D', 'Z')] = "Algeria",
	[CODE('E', 'C')] = "Ecuador",
	[CODE('E', 'E')] = "Estonia",
	[CODE('E', 'G')] = "Egypt",
	[CODE('E', 'H')] = "Western Sahara",
	[CODE('E', 'R')] = "Eritrea",
	[CODE('E', 'S')] = "Spain",
	[CODE('E', 'T')] = "Ethiopia",
	[CODE('F', 'I')] = "Finland",
	[CODE('F', 'J')] = "Fiji",
	[CODE('F', 'K')] = "Falkland Islands",
	[CODE('F', 'M')] = "Micronesia",
	[CODE('F', 'O')] = "Faroe Islands",
	[CODE('F', 'R')] = "France",
	[CODE('G', 'A')] = "Gabon",
	[CODE('G', 'B')] = "United Kingdom",
	[CODE('G', 'D')] = "Grenada",
	[CODE('G', 'E')] = "Georgia",
	[CODE('G', 'F')] = "French Guiana",
	[CODE('G', 'G')] = "Guernsey",
	[CODE('G', 'H')] = "Ghana",
	[CODE('G', 'I')] = "Gibraltar",
	[CODE('G', 'L')] = "Greenland",
	[CODE('G', 'M')] = "Gambia",
	[CODE('G', 'N')] = "Guinea",
	[CODE('G', 'P')] = "Guadeloupe",
	[CODE('G', 'Q')] = "Equatorial Guinea",
	[CODE('G', 'R')] = "Greece",
	[CODE('G', 'S')] = "South Georgia and the South Sandwich Islands",
	[CODE('G', 'T')] = "Guatemala",
	[CODE('G', 'U')] = "Guam",
	[CODE('G', 'W')] = "Guinea-Bissau",
	[CODE('G', 'Y')] = "Guyana",
	[CODE('H', 'K')] = "Hong Kong",
	[CODE('H', 'M')] = "Heard Island and McDonald Islands",
	[CODE('H', 'N')] = "Honduras",
	[CODE('H', 'R')] = "Croatia",
	[CODE('H', 'T')] = "Haiti",
	[CODE('H', 'U')] = "Hungary",
	[CODE('I', 'D')] = "Indonesia",
	[CODE('I', 'E')] = "Ireland",
	[CODE('I', 'L')] = "Israel",
	[CODE('I', 'M')] = "Isle of Man",
	[CODE('I', 'N')] = "India",
	[CODE('I', 'O')] = "British Indian Ocean Territory",
	[CODE('I', 'Q')] = "Iraq",
	[CODE('I', 'R')] = "Iran",
	[CODE('I', 'S')] = "Iceland",
	[CODE('I', 'T')] = "Italy",
	[CODE('J', 'E')] = "Jersey",
	[CODE('J', 'M')] = "Jamaica",
	[CODE('J', 'O')] = "Jordan",
	[CODE('J', 'P')] = "Japan",
	[CODE('K', 'E')] = "Kenya",
	[CODE('K', 'G')] = "Kyrgyzstan",
	[CODE('K', 'H')] = "Cambodia",
	[CODE('K', 'I')] = "Kiribati",
	[CODE('K', 'M')] = "Comoros",
	[CODE('K', 'N')] = "Saint Kitts and Nevis",
	[CODE('K', 'P')] = "North Korea",
	[CODE('K', 'R')] = "South Korea",
	[CODE('K', 'W')] = "Kuwait",
	[CODE('K', 'Y')] = "Cayman Islands",
	[CODE('K', 'Z')] = "Kazakhstan",
	[CODE('L', 'A')] = "Laos",
	[CODE('L', 'B')] = "Lebanon",
	[CODE('L', 'C')] = "Saint Lucia",
	[CODE('L', 'I')] = "Liechtenstein",
	[CODE('L', 'K')] = "Sri Lanka",
	[CODE('L', 'R')] = "Liberia",
	[CODE('L', 'S')] = "Lesotho",
	[CODE('L', 'T')] = "Lithuania",
	[CODE('L', 'U')] = "Luxembourg",
	[CODE('L', 'V')] = "Latvia",
	[CODE('L', 'Y')] = "Libya",
	[CODE('M', 'A')] = "Morocco",
	[CODE('M', 'C')] = "Monaco",
	[CODE('M', 'D')] = "Moldova",
	[CODE('M', 'E')] = "Montenegro",
	[CODE('M', 'F')] = "Saint Martin (French part)",
	[CODE('M', 'G')] = "Madagascar",
	[CODE('M', 'H')] = "Marshall Islands",
	[CODE('M', 'K')] = "North Macedonia",
	[CODE('M', 'L')] = "Mali",
	[CODE('M', 'M')] = "Myanmar",
	[CODE('M', 'N')] = "Mongolia",
	[CODE('M', 'O')] = "Macao",
	[CODE('M', 'P')] = "Northern Mariana Islands",
	[CODE('M', 'Q')] = "Martinique",
	[CODE('M', 'R')] = "Mauritania",
	[CODE('M', 'S')] = "Montserrat",
	[CODE('M', 'T')] = "Malta",
	[CODE('M', 'U')] = "Mauritius",
	[CODE('M', 'V')] = "Maldives",
	[CODE('M', 'W')] = "Malawi",
	[CODE('M', 'X')] = "Mexico",
	[CODE('M', 'Y')] = "Malaysia",
	[CODE('M', 'Z')] = "Mozambique",
	[CODE('N', 'A')] = "Namibia",
	[CODE('N', 'C')] = "New Caledonia",
	[CODE('N', 'E')] = "Niger",
	[CODE('N', 'F')] = "Norfolk Island",
	[CODE('N', 'G')] = "Nigeria",
	[CODE('N', 'I')] = "Nicaragua",
	[CODE('N', 'L')] = "Netherlands",
	[CODE('N', 'O')] = "Norway",
	[CODE('N', 'P')] = "Nepal",
	[CODE('N', 'R')] = "Nauru",
	[CODE('N', 'U')] = "Niue",
	[CODE('N', 'Z')] = "New Zealand",
	[CODE('O', 'M')] = "Oman",
	[CODE('P', 'A')] = "Panama",
	[CODE('P', 'E')] = "Peru",
	[CODE('P', 'F')] = "French Polynesia",
	[CODE('P', 'G')] = "Papua New Guinea",
	[CODE('P', 'H')] = "Philippines",
	[CODE('P', 'K')] = "Pakistan",
	[CODE('P', 'L')] = "Poland",
	[CODE('P', 'M')] = "Saint Pierre and Miquelon",
	[CODE('P', 'N')] = "Pitcairn",
	[CODE('P', 'R')] = "Puerto Rico",
	[CODE('P', 'S')] = "Palestine",
	[CODE('P', 'T')] = "Portugal",
	[CODE('P', 'W')] = "Palau",
	[CODE('P', 'Y')] = "Paraguay",
	[CODE('Q', 'A')] = "Qatar",
	[CODE('R', 'E')] = "Réunion",
	[CODE('R', 'O')] = "Romania",
	[CODE('R', 'S')] = "Serbia",
	[CODE('R', 'U')] = "Russia",
	[CODE('R', 'W')] = "Rwanda",
	[CODE('S', 'A')] = "Saudi Arabia",
	[CODE('S', 'B')] = "Solomon Islands",
	[CODE('S', 'C')] = "Seychelles",
	[CODE('S', 'D')] = "Sudan",
	[CODE('S', 'E')] = "Sweden",
	[CODE('S', 'G')] = "Singapore",
	[CODE('S', 'H')] = "Saint Helena, Ascension and Tristan da Cunha",
	[CODE('S', 'I')] = "Slovenia",
	[CODE('S', 'J')] = "Svalbard and Jan Mayen",
	[CODE('S', 'K')] = "Slovakia",
	[CODE('S', 'L')] = "Sierra Leone",
	[CODE('S', 'M')] = "San Marino",
	[CODE('S', 'N')] = "Senegal",
	[CODE('S', 'O')] = "Somalia",
	[CODE('S', 'R')] = "Suriname",
	[CODE('S', 'S')] = "South Sudan",
	[CODE('S', 'T')] = "Sao Tome and Principe",
	[CODE('S', 'V')] = "El Salvador",
	[CODE('S', 'X')] = "Sint Maarten (Dutch part)",
	[CODE('S', 'Y')] = "Syria",
	[CODE('S', 'Z')] = "Eswatini",
	[CODE('T', 'C')] = "Turks and Caicos Islands",
	[CODE('T', 'D')] = "Chad",
	[CODE('T', 'F')] = "French Southern Territories",
	[CODE('T', 'G')] = "Togo",
	[CODE('T', 'H')] = "Thailand",
	[CODE('T', 'J')] = "Tajikistan",
	[CODE('T', 'K')] = "Tokelau",
	[CODE('T', 'L')] = "Timor-Leste",
	[CODE('T', 'M')] = "Turkmenistan",
	[CODE('T', 'N')] = "Tunisia",
	[CODE('T', 'O')] = "Tonga",
	[CODE('T', 'R')] = "Türkiye",
	[CODE('T', 'T')] = "Trinidad and Tobago",
	[CODE('T', 'V')] = "Tuvalu",
	[CODE('T', 'W')] = "Taiwan",
	[CODE('T', 'Z')] = "Tanzania",
	[CODE('U', 'A')] = "Ukraine",
	[CODE('U', 'G')] = "Uganda",
	[CODE('U', 'M')] = "United States Minor Outlying Islands",
	[CODE('U', 'S')] = "United States",
	[CODE('U', 'Y')] = "Uruguay",
	[CODE('U', 'Z')] = "Uzbekistan",
	[CODE('V', 'A')] = "Vatican City",
	[CODE('V', 'C')] = "Saint Vincent and the Grenadines",
	[CODE('V', 'E')] = "Venezuela",
	[CODE('V', 'G')] = "British Virgin Islands",
	[CODE('V', 'I')] = "United States Virgin Islands",
	[CODE('V', 'N')] = "Vietnam",
	[CODE('V', 'U')] = "Vanuatu",
	[CODE('W', 'F')] = "Wallis and Futuna",
	[CODE('W', 'S')] = "Samoa",
	[CODE('Y', 'E')] = "Yemen",
	[CODE('Y', 'T')] = "Mayotte",
	[CODE('Z', 'A')] = "South Africa",
	[CODE('Z', 'M')] = "Zambia",
	[CODE('Z', 'W')] = "Zimbabwe",
	/* regions and others that are no countries */
	[CODE('E', 'U')] = "European Union (region)",
	[CODE('A', 'P')] = "Asia-Pacific (region)",
	[CODE('X', 'K')] = "Kosovo",
	[CODE('A', '1')] = "anonymous proxy",
	[CODE('A', '2')] = "satellite provider",
	[CODE('O', '1')] = "other country",
	/* ISO 3166-3 */
	[CODE('A', 'N')] = "Netherlands Antilles (former)",
	[CODE('B', 'U')] = "Burma (former)",
	[CODE('C', 'S')] = "Serbia and Montenegro (former)",
	[CODE('D', 'D')] = "East Germany (former)",
	[CODE('F', 'X')] = "Metropolitan France (former)",
	[CODE('S', 'U')] = "Soviet Union (former)",
	[CODE('T', 'P')] = "East Timor (former code)",
	[CODE('Y', 'U')] = "Yugoslavia (former)",
	[CODE('Z', 'R')] = "Zaire (former)",
};

static const struct {
	country_t country;
	const char *name;
} aliases[] = {
	{ COUNTRY('A', 'E'), "UAE" },
	{ COUNTRY('B', 'N'), "Brunei Darussalam" },
	{ COUNTRY('B', 'O'), "Bolivia (Plurinational State of)" },
	{ COUNTRY('B', 'Q'), "Caribbean Netherlands" },
	{ COUNTRY('B', 'Y'), "Byelorussia" },
	{ COUNTRY('C', 'C'), "Cocos Islands" },
	{ COUNTRY('C', 'D'), "Congo (the Democratic Republic of the)" },
	{ COUNTRY('C', 'D'), "Congo-Kinshasa" },
	{ COUNTRY('C', 'D'), "DR Congo" },
	{ COUNTRY('C', 'D'), "DRC" },
	{ COUNTRY('C', 'G'), "Congo" },
	{ COUNTRY('C', 'G'), "Congo-Brazzaville" },
	{ COUNTRY('C', 'I'), "Ivory Coast" },
	{ COUNTRY('C', 'N'), "Mainland China" },
	{ COUNTRY('C', 'N'), "People's Republic of China" },
	{ COUNTRY('C', 'V'), "Cape Verde" },
	{ COUNTRY('C', 'Z'), "Czech Republic" },
	{ COUNTRY('E', 'U'), "European Union" },
	{ COUNTRY('F', 'K'), "Falkland Islands (the) [Malvinas]" },
	{ COUNTRY('F', 'M'), "Micronesia (Federated States of)" },
	{ COUNTRY('G', 'B'), "Britain" },
	{ COUNTRY('G', 'B'), "Great Britain" },
	{ COUNTRY('G', 'B'), "UK" },
	{ COUNTRY('G', 'B'), "United Kingdom of Great Britain and Northern Ireland" },
	{ COUNTRY('H', 'K'), "Hong Kong SAR" },
	{ COUNTRY('I', 'R'), "Iran (Islamic Republic of)" },
	{ COUNTRY('I', 'R'), "Persia" },
	{ COUNTRY('K', 'P'), "DPR Korea" },
	{ COUNTRY('K', 'P'), "DPRK" },
	{ COUNTRY('K', 'P'), "Korea (the Democratic People's Republic of)" },
	{ COUNTRY('K', 'R'), "Korea (the Republic of)" },
	{ COUNTRY('K', 'R'), "ROK" },
	{ COUNTRY('L', 'A'), "Lao PDR" },
	{ COUNTRY('L', 'A'), "Lao People's Democratic Republic" },
	{ COUNTRY('L', 'Y'), "Libyan Arab Jamahiriya" },
	{ COUNTRY('M', 'D'), "Moldova (the Republic of)" },
	{ COUNTRY('M', 'K'), "Macedonia" },
	{ COUNTRY('M', 'K'), "The former Yugoslav Republic of Macedonia" },
	{ COUNTRY('M', 'M'), "Burma" },
	{ COUNTRY('M', 'O'), "Macau" },
	{ COUNTRY('N', 'L'), "Holland" },
	{ COUNTRY('P', 'N'), "Pitcairn Islands" },
	{ COUNTRY('P', 'S'), "Palestine, State of" },
	{ COUNTRY('P', 'S'), "Palestinian Territories" },
	{ COUNTRY('P', 'S'), "Palestinian Territory, Occupied" },
	{ COUNTRY('R', 'U'), "Russian Federation" },
	{ COUNTRY('S', 'H'), "Saint Helena" },
	{ COUNTRY('S', 'T'), "São Tomé and Príncipe" },
	{ COUNTRY('S', 'X'), "Sint Maarten" },
	{ COUNTRY('S', 'Y'), "Syrian Arab Republic" },
	{ COUNTRY('S', 'Z'), "Swaziland" },
	{ COUNTRY('T', 'L'), "East Timor" },
	{ COUNTRY('T', 'R'), "Turkey" },
	{ COUNTRY('T', 'W'), "Taiwan (Province of China)" },
	{ COUNTRY('T', 'Z'), "Tanzania, the United Republic of" },
	{ COUNTRY('U', 'S'), "USA" },
	{ COUNTRY('U', 'S'), "United States of America" },
	{ COUNTRY('V', 'A'), "Holy See" },
	{ COUNTRY('V', 'A'), "Holy See (Vatican City State)" },
	{ COUNTRY('V', 'A'), "Vatican" },
	{ COUNTRY('V', 'E'), "Venezuela (Bolivarian Republic of)" },
	{ COUNTRY('V', 'G'), "Virgin Islands (British)" },
	{ COUNTRY('V', 'I'), "Virgin Islands (U.S.)" },
	{ COUNTRY('V', 'N'), "Viet Nam" },
};

#define WORDS_MAX 16
#define LETTERS_MAX 128

/* A name taken apart: its words, each once folded to lower case ASCII. */
struct words {
	struct view words[WORDS_MAX];
	size_t count;
	char letters[LETTERS_MAX];
};

/* The letters U+00C0 to U+00FF without their accents, ' ' where there is no such letter. */
static const char latin1[] =
	"aaaaaaaceeeeiiiidnooooo ouuuuyts"
	"aaaaaaaceeeeiiiidnooooo ouuuuyty";

static char ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_letter(char upper)
{
	return upper >= 'A' && upper <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool place_country_code(struct view field, country_t *ret_country)
{
	country_t country = COUNTRY_UNKNOWN;

	if (field.len == 2) {
		char a = ascii_upper(field.ptr[0]), b = ascii_upper(field.ptr[1]);

		if (is_letter(a) && (is_letter(b) || is_digit(b))) {
			/* Reserved for the United Kingdom in ISO 3166-1, and met in place of GB. */
			if (a == 'U' && b == 'K')
				country = COUNTRY('G', 'B');
			else if (names[CODE(a, b)])
				country = COUNTRY(a, b);
		} else if (!(a == b && (a == '?' || a == '-'))) {
			return false;
		}
	} else if (field.len != 0 && !view_equal(field, VIEW("-"))) {
		return false;
	}
	*ret_country = country;
	return true;
}

/*
 * The folded form of the character at text.ptr[*at], moved past; 0 for what is dropped inside a
 * word.
 */
static char fold(struct view text, size_t *at)
{
	unsigned char c = (unsigned char)text.ptr[(*at)++];
	unsigned char next = *at < text.len ? (unsigned char)text.ptr[*at] : 0;

	if (is_letter(ascii_upper((char)c)))
		return (char)(c | 0x20);
	if (is_digit((char)c))
		return (char)c;
	if (c == '\'' || c == '.')
		return 0;
	if (c == 0xc3 && next >= 0x80 && next <= 0xbf) {
		++*at;
		return latin1[next - 0x80];
	}
	/* U+2019, the apostrophe of typesetters */
	if (c == 0xe2 && text.len - *at >= 2 && memcmp(text.ptr + *at, "\x80\x99", 2) == 0) {
		*at += 2;
		return 0;
	}
	return ' ';
}

static bool words_add(struct words *words, struct view word)
{
	if (word.len == 0 || view_equal(word, VIEW("the")) || view_equal(word, VIEW("of")) ||
	    view_equal(word, VIEW("and")))
		return true;
	if (words->count == WORDS_MAX)
		return false;
	if (view_equal(word, VIEW("st")))
		word = VIEW("saint");
	words->words[words->count++] = word;
	return true;
}

static bool words_split(struct words *words, struct view text)
{
	char *end = words->letters;
	struct view word = { end, 0 };
	size_t at = 0;

	words->count = 0;
	if (text.len > LETTERS_MAX)
		return false;
	while (at < text.len) {
		char c = fold(text, &at);

		if (c == ' ') {
			if (!words_add(words, word))
				return false;
			word = (struct view){ end, 0 };
		} else if (c) {
			*end++ = c;
			word.len++;
		}
	}
	return words_add(words, word) && words->count > 0;
}

static bool words_within(const struct words *inner, const struct words *outer)
{
	for (size_t i = 0; i < inner->count; i++) {
		size_t k = 0;

		while (k < outer->count && !view_equal(inner->words[i], outer->words[k]))
			k++;
		if (k == outer->count)
			return false;
	}
	return true;
}

static bool words_are(const struct words *wanted, const char *name)
{
	struct words words;

	return words_split(&words, view_of(name)) && words_within(wanted, &words) &&
	       words_within(&words, wanted);
}

bool country_parse(struct view text, country_t *ret_country)
{
	struct words wanted;
	country_t country;

	text = view_trim(text);
	if (place_country_code(text, &country) && country != COUNTRY_UNKNOWN) {
		*ret_country = country;
		return true;
	}
	if (!words_split(&wanted, text))
		return false;
	for (unsigned i = 0; i < PLACE_COUNTRY_MAX; i++) {
		unsigned a = 'A' + i / 36, b = i % 36;

		if (!names[i] || !words_are(&wanted, names[i]))
			continue;
		*ret_country = COUNTRY(a, b < 26 ? 'A' + b : '0' + b - 26);
		return true;
	}
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (!words_are(&wanted, aliases[i].name))
			continue;
		*ret_country = aliases[i].country;
		return true;
	}
	return false;
}

void country_format(country_t country, char ret_text[3])
{
	ret_text[0] = country == COUNTRY_UNKNOWN ? '-' : (char)(country >> 8);
	ret_text[1] = country == COUNTRY_UNKNOWN ? '-' : (char)(country & 0xff);
	ret_text[2] = '\0';
}

const char *country_name(country_t country)
{
	char a = (char)(country >> 8), b = (char)(country & 0xff);

	if (!is_letter(a) || !(is_letter(b) || is_digit(b)) || !names[CODE(a, b)])
		return "unknown";
	return names[CODE(a, b)];
}
