/* Small conveniences; every page works without them. */
(function () {
  "use strict";

  /* A form is sent once: its button says what is going on. */
  document.addEventListener("submit", function (event) {
    var button = event.target.querySelector("button[data-busy]");
    if (!button || event.defaultPrevented) return;
    if (button.disabled) { event.preventDefault(); return; }
    setTimeout(function () { button.disabled = true; button.textContent = button.dataset.busy; }, 0);
  });

  /* Coming back with the browser's arrow finds the buttons usable again. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) window.location.reload();
  });

  /* A list answers as soon as something is chosen; without scripts the button does the same. */
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-at-once") && event.target.tagName === "SELECT") form.requestSubmit ? form.requestSubmit() : form.submit();
  });

  /* Keys: / goes to the search box; a key named on a button presses it. */
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "/") {
      var box = document.querySelector("[data-search]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
      return;
    }
    var button = document.querySelector('[data-key="' + (window.CSS && CSS.escape ? CSS.escape(event.key) : event.key) + '"]');
    if (button) { event.preventDefault(); button.click(); }
  });

  document.addEventListener("click", function (event) {
    var target = event.target.closest("[data-print]");
    if (target) window.print();

    /* All rows of this page at once; pressed again, none. */
    var all = event.target.closest("[data-check-all]");
    if (!all) return;
    var boxes = document.querySelectorAll('input[type="checkbox"][name="' + all.dataset.checkAll + '"]');
    var some = Array.prototype.some.call(boxes, function (box) { return !box.checked; });
    boxes.forEach(function (box) { box.checked = some; });
  });

  /* A field that goes with an answer stands there once that answer is chosen: other=value value, or other!=value. */
  function showFitting(form) {
    form.querySelectorAll("fieldset[data-shown-if], div[data-shown-if]").forEach(function (part) {
      var rule = /^([^!=]+)(!?)=(.*)$/.exec(part.dataset.shownIf);
      if (!rule) return;
      var chosen = Array.prototype.filter.call(form.querySelectorAll('[name="' + rule[1] + '"]'), function (box) { return box.checked; }).map(function (box) { return box.value; });
      var fits = rule[2] ? chosen.some(function (one) { return one !== rule[3]; }) : chosen.some(function (one) { return rule[3].split(" ").indexOf(one) >= 0; });
      part.hidden = !fits && !part.querySelector(".invalid-feedback");
    });
  }
  document.addEventListener("change", function (event) { if (event.target.form) showFitting(event.target.form); });
  document.querySelectorAll("form").forEach(showFitting);
})();
