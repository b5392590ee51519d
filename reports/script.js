/*
 * script.js - stepping through an interleaving. Without it, the rows' links work; it adds keys, a
 * line with the current position, and the causal past of the step. A row has that past as data: for
 * each lane the last step before it, unless the past is that of the step above in the same lane.
 */
"use strict";
(() => {
	const rows = [...document.querySelectorAll("#steps tr[id]")];
	const names = [...document.querySelectorAll("#steps .lane")].map(head => head.textContent);
	const box = document.getElementById("steps").parentElement;
	const said = document.getElementById("said");
	const numbers = rows.map(row => +row.id.slice(1));
	const lanes = rows.map(row => [...row.cells].filter(cell => !cell.matches(".gut, .tube, .has"))
		.findIndex(cell => cell.classList.contains("ev")) - 1);
	const above = [];
	const pasts = rows.map((row, i) => {
		const past = row.dataset.past?.split(" ").map(Number) ?? [...above[lanes[i]]];

		past[lanes[i]] = numbers[i];
		return above[lanes[i]] = past;
	});
	const text = cell => cell.innerText.replace(/\s+/g, " ").trim();
	let at = -1;

	const go = to => {
		at = Math.max(0, Math.min(rows.length - 1, to));
		let before = 0;
		rows.forEach((row, i) => {
			const past = i !== at && numbers[i] <= pasts[at][lanes[i]];

			before += past;
			row.classList.toggle("past", past);
			if (i === at)
				row.setAttribute("aria-current", "step");
			else
				row.removeAttribute("aria-current");
		});
		history.replaceState(null, "", "#" + rows[at].id);
		rows[at].querySelector(".ev").scrollIntoView({block: "nearest", inline: "nearest"});
		said.textContent = `Step ${numbers[at]} of ${box.dataset.steps}, ${names[lanes[at]]}: ` +
			`${text(rows[at].querySelector(".ev"))}. In its causal past: ${before} shown.`;
	};
	const follow = () => {
		const i = rows.findIndex(row => "#" + row.id === location.hash);

		if (i >= 0)
			go(i);
	};

	document.documentElement.classList.add("js");
	document.getElementById("previous").onclick = () => go(at - 1);
	document.getElementById("next").onclick = () => go(at + 1);
	addEventListener("hashchange", follow);
	addEventListener("keydown", event => {
		const region = event.target.closest("[role=region]");
		const inside = region === box;
		const to = {
			ArrowRight: at + 1, j: at + 1, ArrowLeft: at - 1, k: at - 1,
			Home: inside || at >= 0 ? 0 : undefined,
			End: inside || at >= 0 ? rows.length - 1 : undefined,
		}[event.key];

		/* In another region, the arrow keys scroll that region. */
		if (to === undefined || event.ctrlKey || event.metaKey || event.altKey ||
			(region && !inside))
			return;
		event.preventDefault();
		go(to);
	});
	follow();
})();
