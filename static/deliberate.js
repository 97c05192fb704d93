// Buttons that change something for good ignore pointers for half a second after the page comes to the front, because
// another page may have led a double click onto them. Nothing looks different. Keyboards and assistive technology never
// wait: their clicks come without a count or a pointer (UI Events, `detail`; Pointer Events, `pointerType`).
const PAUSE = 500; // milliseconds
let inFrontSince = performance.now();
const comeToFront = () => { inFrontSince = performance.now(); };
addEventListener("focus", comeToFront);
addEventListener("pageshow", comeToFront);
document.addEventListener("visibilitychange", comeToFront);
addEventListener("click", (event) => {
  const isPointer = event.detail > 0 && event.pointerType !== "";
  if (!isPointer || performance.now() - inFrontSince >= PAUSE) return;
  if (event.target.closest("[data-deliberate]")) event.preventDefault();
}, { capture: true });
