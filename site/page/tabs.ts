/**
 * Tabs, which the arrow keys move between.
 *
 * Source: WAI-ARIA Authoring Practices, pattern "tabs" with automatic activation.
 *
 * @module
 */

/**
 * Makes tabs of the buttons of a list; each names its panel by `aria-controls`.
 *
 * @param list The element with the role `tablist`.
 * @param onSelect Called with the id of the panel that is now shown.
 * @returns A function that selects a tab by the id of its panel.
 */
export function makeTabs(
  list: Element,
  onSelect: (panel: string) => void,
): (panel: string) => void {
  const tabs = [...list.querySelectorAll<HTMLButtonElement>('[role="tab"]')];
  const panelOf = (tab: Element) => tab.getAttribute("aria-controls")!;
  // Only sideways: the page stays where the visitor has scrolled it.
  const scrollTo = (tab: Element) => {
    const { left, right } = tab.getBoundingClientRect();
    const room = list.getBoundingClientRect();
    list.scrollLeft += Math.min(0, left - room.left) + Math.max(0, right - room.right);
  };
  const select = (panel: string) => {
    for (const tab of tabs) {
      const isSelected = panelOf(tab) === panel;
      tab.setAttribute("aria-selected", String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
      if (isSelected) scrollTo(tab);
      document.getElementById(panelOf(tab))!.hidden = !isSelected;
    }
    onSelect(panel);
  };
  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener("click", () => select(panelOf(tab)));
    tab.addEventListener("keydown", (event) => {
      const next = {
        ArrowRight: i + 1,
        ArrowLeft: i - 1,
        Home: 0,
        End: tabs.length - 1,
      }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      const other = tabs.at(next % tabs.length)!;
      other.focus();
      select(panelOf(other));
    });
  }
  // A narrower list may cut off the selected tab.
  new ResizeObserver(() => {
    const selected = tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
    if (selected) scrollTo(selected);
  }).observe(list);
  return select;
}
