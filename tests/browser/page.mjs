// Pages of constat in a browser: node page.mjs CHROMIUM PAGE.html…
// A page is NAME.LANGUAGE.html. Each is looked at by day and by night, wide and narrow, and as paper.
import { readFile, writeFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [, , executablePath, ...files] = process.argv;

// What each page must show at least.
const figures = {
	'december-2014': ['signal-ipv4', 'bounds', 'networks', 'vantage-points', 'upstreams', 'instability'],
	'april-2022': ['vantage-points', 'instability'],
	'august-2010': ['vantage-points', 'instability'],
};
const words = {
	en: ['outage', 'vantage point', 'peer ASes', 'All times are UTC', 'Routing shows reachability, not motive'],
	fr: ['interruption', 'point d’observation', 'AS pairs', 'en temps universel', 'ne désigne aucun coupable'],
};

let number = 0;
let failed = 0;

async function check(name, body) {
	number++;
	try {
		const wrong = await body();
		if (wrong && (!Array.isArray(wrong) || wrong.length))
			throw new Error(JSON.stringify(wrong));
		console.log(`ok ${number} - ${name}`);
	} catch (error) {
		failed++;
		console.log(`not ok ${number} - ${name}`);
		console.error(`${name}: ${error.message.split('\n')[0]}`);
	}
}

// Opened, with all that it said and asked for.
async function open(browser, file, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
	const page = await context.newPage();
	const heard = { console: [], requests: [] };
	page.on('console', (message) => heard.console.push(message.text()));
	page.on('pageerror', (error) => heard.console.push(error.message));
	page.on('request', (request) => heard.requests.push(request.url()));
	await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
	return { context, page, heard };
}

// Contrast of two colours, as WCAG 2.1 defines it.
function contrast(one, other) {
	const light = (colour) => {
		const [r, g, b] = colour.match(/\d+/g).slice(0, 3).map((part) => {
			const c = part / 255;
			return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

async function structure(page, name, language) {
	await check(`${name}: language and landmarks`, () => page.evaluate((language) => [
		document.documentElement.lang === language || 'lang',
		...['header', 'nav', 'main', 'footer', 'h1'].map((what) =>
			document.querySelectorAll(`body > ${what}, header > ${what}`).length === 1 || what),
	].filter((right) => right !== true), language));
	await check(`${name}: headings in order`, () => page.evaluate(() => {
		const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map((heading) => +heading.tagName[1]);
		return levels[0] !== 1 ? levels : levels.filter((level, i) => i && level > levels[i - 1] + 1);
	}));
	await check(`${name}: each id once, each link and label leads somewhere`, () => page.evaluate(() => {
		const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
		const wanted = [...document.querySelectorAll('[aria-labelledby]')]
			.flatMap((element) => element.getAttribute('aria-labelledby').split(' '))
			.concat([...document.querySelectorAll('a')].map((link) => link.getAttribute('href').slice(1)));
		return ids.filter((id, i) => ids.indexOf(id) !== i).concat(wanted.filter((id) => !ids.includes(id)));
	}));
	await check(`${name}: in ${language}`, async () => {
		const text = await page.locator('body').textContent();
		const foreign = language === 'fr' ? ['vantage point', ' outage', ' of the '] : ['réseau', 'interruption'];
		return words[language].filter((word) => !text.includes(word)).concat(foreign.filter((word) => text.includes(word)));
	});
}

async function drawings(page, name, expected) {
	await check(`${name}: the figures, each with title, description and table`, () => page.evaluate((expected) => {
		const found = [...document.querySelectorAll('figure')];
		const wrong = expected.filter((id) => !found.some((figure) => figure.id === id));
		for (const figure of found) {
			const svg = figure.querySelector('svg[role=img]');
			const box = svg?.getBoundingClientRect();
			if (!svg || box.width < 300 || box.height < 40 || svg.querySelectorAll('path, rect, line').length < 5)
				wrong.push(`${figure.id}: nothing drawn`);
			for (const part of ['title', 'desc'])
				if (!svg?.querySelector(part)?.textContent.trim())
					wrong.push(`${figure.id}: no ${part}`);
			if (!figure.querySelector('figcaption')?.textContent.trim() || !figure.querySelector('details th[scope=col]'))
				wrong.push(`${figure.id}: no caption or no table`);
		}
		return wrong;
	}, expected));
	await check(`${name}: hatching is painted by a pattern that is there`, () => page.evaluate(() =>
		[...document.querySelectorAll('svg .blind')].map((element) => getComputedStyle(element).fill)
			.filter((fill, i, all) => all.indexOf(fill) === i)
			.filter((fill) => !document.querySelector(fill.match(/#[a-z0-9-]+/)?.[0] ?? 'none'))));
}

async function looks(browser, file, name) {
	for (const colorScheme of ['light', 'dark']) {
		await check(`${name}: ${colorScheme}, text can be read`, async () => {
			const { context, page } = await open(browser, file, { colorScheme });
			const colours = await page.evaluate(() => {
				const paper = getComputedStyle(document.documentElement).backgroundColor;
				return ['body', '.kicker', 'figcaption', 'a:not(.skip)', 'thead th', 'summary'].map((what) =>
					[what, getComputedStyle(document.querySelector(what)).color, paper]);
			});
			await context.close();
			const dark = colours[0][2].match(/\d+/g)[0] < 128;
			return colours.filter(([, ink, paper]) => contrast(ink, paper) < 4.5)
				.concat(dark === (colorScheme === 'dark') ? [] : [[colorScheme, colours[0][2]]]);
		});
	}
	await check(`${name}: narrow, nothing but what scrolls is wider than the screen`, async () => {
		const { context, page } = await open(browser, file, { viewport: { width: 390, height: 800 } });
		const width = await page.evaluate(() => document.documentElement.scrollWidth);
		await context.close();
		return width > 390 ? width : 0;
	});
	await check(`${name}: on paper, figures and tables fit and what is folded for screens only is out of the way`, async () => {
		const { context, page } = await open(browser, file, { viewport: { width: 700, height: 900 } });
		await page.emulateMedia({ media: 'print' });
		const wrong = await page.evaluate(() => [...document.querySelectorAll('.figure, table')]
			.filter((wide) => wide.getBoundingClientRect().right > 700)
			.map((wide) => wide.getAttribute('class') ?? wide.caption.textContent)
			.concat(getComputedStyle(document.querySelector('nav')).display === 'none' ? [] : ['nav']));
		await context.close();
		return wrong;
	});
}

// Markup smuggled in all the same: the page's own policy stops it.
async function policy(browser, file, name) {
	const smuggled = `${file}.smuggled.html`;
	const html = await readFile(file, 'utf8');
	await writeFile(smuggled, html.replace('</header>', `<script>document.title = 'run'</script>
		<img src="x" onerror="document.title = 'run'"/><img src="http://127.0.0.1:9/x"/>
		<style>body { background: url(http://127.0.0.1:9/y) }</style><iframe src="http://127.0.0.1:9/z"></iframe></header>`));
	await check(`${name}: markup smuggled in runs and loads nothing`, async () => {
		const { context, page, heard } = await open(browser, smuggled);
		await page.waitForTimeout(200);
		const title = await page.title();
		const background = await page.evaluate(() => getComputedStyle(document.body).backgroundImage);
		await context.close();
		// The browser tells of a request before its policy stops it; each must have been refused.
		const refused = heard.console.filter((text) => text.includes('Content Security Policy')).length;
		return title === 'run' || background !== 'none' || refused < 4 ? { title, background, refused } : null;
	});
	await rm(smuggled);
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

for (const file of files) {
	const name = path.basename(file, '.html');
	const [subject, language] = name.split('.');
	const { context, page, heard } = await open(browser, file);
	await structure(page, name, language);
	await drawings(page, name, figures[subject]);
	await check(`${name}: nothing on the console, nothing asked for but the page`, () =>
		heard.console.concat(heard.requests.slice(1).filter((url) => url !== 'data:,')));
	await context.close();
	if (language === 'en' || subject === 'december-2014')
		await looks(browser, file, name);
	if (language === 'en')
		await policy(browser, file, name);
}
await browser.close();
console.log(`1..${number}`);
process.exit(failed ? 1 : 0);
