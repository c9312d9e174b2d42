// Asks now and then whether what the page tells is still so, and shows it anew where it is not.
const ASK_MS = 10000;
const told = document.querySelector("[data-state]").dataset.state;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-state]");
    if (now && now.dataset.state !== told) location.reload();
  } catch {
    // No answer: asked again at the next turn.
  }
}

setInterval(look, ASK_MS);
document.addEventListener("visibilitychange", look);
