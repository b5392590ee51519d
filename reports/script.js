/*
 * script.js - stepping through an interleaving. Without it, the rows' links and folds work; it adds
 * keys, a line with the current position, and the causal past and future of the step. A row has as data what
 * that past adds to that of the row above of the same actor: actors and their last steps in it.
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
	const actors = rows.map((row, i) => +(row.dataset.actor ?? lanes[i]));
	const above = [];
	const pasts = rows.map((row, i) => {
		const changes = row.dataset.past?.split(" ").map(pair => pair.split(":").map(Number));

		return above[actors[i]] = {...above[actors[i]], ...Object.fromEntries(changes ?? []),
			[actors[i]]: numbers[i]};
	});
	const text = cell => cell.innerText.replace(/\s+/g, " ").trim();
	let at = -1;

	const story = document.getElementById("view-story"), all = document.getElementById("view-all");
	const hidden = i => rows[i]?.getClientRects().length === 0;

	const go = to => {
		at = Math.max(0, Math.min(rows.length - 1, to));
		/* A step that is asked for by its number opens its fold. */
		if (hidden(at))
			rows[at].parentElement.previousElementSibling.querySelector("input").checked = true;
		let before = 0, after = 0;
		rows.forEach((row, i) => {
			const past = i !== at && numbers[i] <= pasts[at][actors[i]];
			const future = i !== at && numbers[at] <= pasts[i][actors[at]];

			before += past;
			after += future;
			row.classList.toggle("past", past);
			row.classList.toggle("future", future);
			if (i === at)
				row.setAttribute("aria-current", "step");
			else
				row.removeAttribute("aria-current");
		});
		history.replaceState(null, "", "#" + rows[at].id);
		rows[at].querySelector(".ev").scrollIntoView({block: "nearest", inline: "nearest"});
		said.textContent = `Step ${numbers[at]} of ${box.dataset.steps}, ${names[lanes[at]]}: ` +
			`${text(rows[at].querySelector(".ev"))}. In its causal past: ${before} shown; ` +
			`in its causal future: ${after}.`;
	};
	/* Go to the next step that is shown, in this direction. */
	const walk = (to, by) => {
		while (hidden(to))
			to += by;
		if (rows[to])
			go(to);
	};
	const follow = () => {
		const i = rows.findIndex(row => "#" + row.id === location.hash);

		if (i >= 0)
			go(i);
	};

	document.documentElement.classList.add("js");
	document.getElementById("previous").onclick = () => walk(at - 1, -1);
	document.getElementById("next").onclick = () => walk(at + 1, 1);
	addEventListener("hashchange", follow);
	addEventListener("keydown", event => {
		const region = event.target.closest("[role=region]");
		const inside = region === box, anywhere = inside || at >= 0;
		const move = {
			ArrowRight: [at + 1, 1], j: [at + 1, 1], ArrowLeft: [at - 1, -1], k: [at - 1, -1],
			Home: anywhere ? [0, 1] : undefined,
			End: anywhere ? [rows.length - 1, -1] : undefined,
		}[event.key];

		if (event.ctrlKey || event.metaKey || event.altKey)
			return;
		if (event.key === "s" && story)
			(all.checked ? story : all).checked = true;
		/* In another region, the arrow keys scroll that region; in a choice, they choose. */
		if (!move || (region && !inside) || event.target.matches("[type=radio]"))
			return;
		event.preventDefault();
		walk(...move);
	});
	follow();
})();
