/* What a page built from a headless CMS fetches for itself. */
const place = document.querySelector("#comments");
const answer = await fetch("/api/comments.json?article=tidal-mills");
const comments = await answer.json();
place.innerHTML = `<h2>${comments.length} comments</h2>` + comments.map((one) => `<p><b>${one.by}</b> ${one.text}</p>`).join("");
if (Number(place.dataset.count) !== comments.length) console.error("comments are missing");
