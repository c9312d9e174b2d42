// What Django's own scripts leave undone: Persian digits in what they count, names of search fields.
if (document.documentElement.lang === "fa") {
  const written = text => text.replace(/[0-9]/g, digit => "۰۱۲۳۴۵۶۷۸۹"[digit]);
  for (const counter of document.querySelectorAll(".action-counter")) {
    const write = () => {
      const text = written(counter.textContent);
      // Writing is a change too: only what differs is written, so that this ends.
      if (text !== counter.textContent) counter.textContent = text;
    };
    new MutationObserver(write).observe(counter, { childList: true, characterData: true, subtree: true });
    write();
  }
}

// select2 makes its fields some time after the page is there, and gives them no name.
if (document.querySelector("select.admin-autocomplete")) {
  const parts = ".select2-selection__rendered, .select2-search__field";
  const name = part => {
    const [, id] = (part.id || part.getAttribute("aria-controls") || "").match(/^select2-(.+)-(?:container|results)$/) ?? [];
    const label = document.getElementById(id)?.labels?.[0];
    if (label && !part.hasAttribute("aria-label")) part.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
  };
  const all = () => document.querySelectorAll(parts).forEach(name);
  new MutationObserver(all).observe(document.body, { childList: true, subtree: true, attributeFilter: ["aria-controls"] });
  all();
}
