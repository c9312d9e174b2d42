// What was looked at is what is done, once: a form that changes after the preview must be looked at
// again, and a form that is on its way cannot be sent a second time.
function goesStale(form) {
  const button = form.querySelector("[data-do]");
  if (!button) return;
  button.disabled = true;
  form.querySelector("#effect-box").classList.add("stale");
  form.querySelector(".stale-note").hidden = false;
}

export function startForms() {
  for (const form of document.querySelectorAll("form[data-looks]")) {
    form.addEventListener("input", () => goesStale(form));
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  // Who signs in anew in another tab gets another token: a form that was open takes that one.
  addEventListener("submit", (event) => {
    const [, token] = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) ?? [];
    const field = event.target.elements.csrfmiddlewaretoken;
    if (token && field) field.value = token;
  }, true);
  // Come back to by the history, a page may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}
