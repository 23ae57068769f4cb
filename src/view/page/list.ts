/**
 * The list of images: only the rows in sight are there, and parts of the list are asked for
 * as they come into sight.
 *
 * @module
 */

import type { ImageList, ListedImage, ViewInfo } from "../messages.ts";
import { breakable, byId, element, isolated } from "../../dom.ts";
import { revealImage } from "./image.ts";
import { ask } from "./server.ts";
import { listQuery, type State } from "./state.ts";

/** Height of a row in pixels, as in the style. */
const ROW = 40;
/** Number of images that are asked for at once. */
const PART = 100;
/** Number of rows above and below those in sight. */
const MARGIN = 4;

/** Whom the list tells what happens. */
export interface ListListener {
  /** Called with the id of the image that the reader chooses. */
  onChoose(id: string): void;
  /** Called if there is no image to choose. */
  onNone(): void;
  /** Called with what the server refuses. */
  onProblem(problem: unknown): void;
}

/** The list, which tells which image was chosen. */
export class ImageRows {
  readonly #list = byId("list");
  readonly #space = byId("space");
  readonly #rows: HTMLElement[] = [];
  readonly #parts = new Map<number, ListedImage[] | "asked">();
  readonly #systems: readonly string[];
  readonly #listener: ListListener;
  #query: State = {};
  /** The list that was asked for last, and the one that is shown. */
  #wanted?: string;
  #key?: string;
  #total = 0;
  #at = -1;
  #isDue = false;

  /**
   * @param info What is shown.
   * @param listener Is told what happens.
   */
  constructor(info: ViewInfo, listener: ListListener) {
    this.#systems = info.systems.map(({ name }) => name);
    this.#listener = listener;
    byId("images").style.setProperty("--systems", String(this.#systems.length));
    byId("columns").append(
      ...["image", ...this.#systems].map((name) => breakable(name, { title: name })),
    );
    this.#list.addEventListener("scroll", () => this.#schedule(), { passive: true });
    new ResizeObserver(() => this.#schedule()).observe(this.#list);
    this.#list.addEventListener("click", ({ target }) => {
      const row = (target as Element).closest<HTMLElement>("[data-at]");
      if (!row) return;
      this.#choose(Number(row.dataset.at));
      revealImage();
    });
  }

  /**
   * Shows a state: its filters, and the chosen image.
   *
   * @param state The state.
   */
  async show(state: State): Promise<void> {
    const query = listQuery(state), key = JSON.stringify(query);
    const isNew = key !== this.#key;
    this.#wanted = key;
    if (!isNew && this.#imageAt(this.#at)?.id === state.image) return;
    try {
      const list = await ask<ImageList>("/api/images", {
        ...{ ...query, offset: 0, limit: PART },
        image: state.image,
      });
      if (key !== this.#wanted) return; // another list was asked for in the meantime
      if (isNew) {
        this.#parts.clear();
        this.#parts.set(0, list.images);
        this.#list.scrollTop = 0;
      }
      this.#query = query;
      this.#key = key;
      this.#total = list.total;
      this.#at = list.at ?? -1;
      this.#size(`${list.total} ${list.total === 1 ? "image" : "images"}`);
      this.#reveal();
      this.#draw();
      if (state.image !== undefined || state.drop !== undefined) return;
      if (list.total > 0) this.#choose(0);
      else this.#listener.onNone();
    } catch (problem) {
      if (key !== this.#wanted) return;
      if (isNew) this.#clear();
      this.#listener.onProblem(problem);
    }
  }

  /** Shows no image, as the list that was asked for cannot be had. */
  #clear(): void {
    this.#parts.clear();
    this.#key = undefined;
    [this.#total, this.#at] = [0, -1];
    this.#size("");
    this.#draw();
    this.#listener.onNone();
  }

  /** Makes room for all rows, and says how many there are. */
  #size(count: string): void {
    this.#space.style.height = `${ROW * this.#total}px`;
    for (const id of ["columns", "list", "keys"]) byId(id).hidden = this.#total === 0;
    byId("count").textContent = count;
  }

  /** Chooses the image that lies so many rows further. */
  async move(by: number): Promise<void> {
    const at = Math.max(0, Math.min(this.#total - 1, this.#at + by));
    if (at === this.#at || this.#total === 0) return;
    await this.#ask(Math.floor(at / PART));
    this.#choose(at);
  }

  #choose(at: number): void {
    const image = this.#imageAt(at);
    if (!image) return;
    this.#at = at;
    this.#reveal();
    this.#draw();
    this.#listener.onChoose(image.id);
  }

  #imageAt(at: number): ListedImage | undefined {
    const part = this.#parts.get(Math.floor(at / PART));
    return Array.isArray(part) ? part[at % PART] : undefined;
  }

  /** Scrolls so that the chosen row is in sight. */
  #reveal(): void {
    const { scrollTop, clientHeight } = this.#list, top = ROW * this.#at;
    if (this.#at < 0 || top >= scrollTop && top + ROW <= scrollTop + clientHeight) return;
    this.#list.scrollTop = top - (clientHeight - ROW) / 2;
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  /** Puts the images in sight into the rows, each of which is used again and again. */
  #draw(): void {
    const { scrollTop, clientHeight } = this.#list;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - MARGIN);
    const count = Math.ceil(clientHeight / ROW) + 2 * MARGIN;
    while (this.#rows.length < count) this.#addRow();
    for (const [i, row] of this.#rows.entries()) {
      // The row that showed this place before shows it again.
      const at = first + (((i - first) % count) + count) % count;
      if (i >= count || at >= this.#total) row.hidden = true;
      else this.#fill(row, at);
    }
    const last = Math.min(this.#total - 1, first + count);
    for (let p = Math.floor(first / PART); p <= Math.floor(last / PART); p++) {
      this.#ask(p);
    }
    const chosen = this.#rows.find((row) => !row.hidden && row.ariaSelected === "true");
    if (chosen) this.#list.setAttribute("aria-activedescendant", chosen.id);
    else this.#list.removeAttribute("aria-activedescendant");
  }

  #addRow(): void {
    const cells = this.#systems.map(() => element("span", { class: "cell" }));
    const row = element(
      "div",
      { class: "row", role: "option", id: `row-${this.#rows.length}` },
      isolated("", { class: "id" }),
      ...cells,
    );
    this.#rows.push(row);
    this.#space.append(row);
  }

  #fill(row: HTMLElement, at: number): void {
    const image = this.#imageAt(at), isChosen = String(at === this.#at);
    const key = `${this.#key} ${at} ${image?.id} ${isChosen}`;
    row.hidden = false;
    if (row.dataset.key === key) return;
    row.dataset.key = key;
    row.dataset.at = String(at);
    row.style.transform = `translateY(${ROW * at}px)`;
    row.ariaSelected = isChosen;
    row.ariaPosInSet = String(at + 1);
    row.ariaSetSize = String(this.#total);
    const [id, ...cells] = row.children as unknown as HTMLElement[];
    id.textContent = image?.id ?? "…";
    id.title = image?.id ?? "";
    for (const [s, cell] of cells.entries()) {
      const hits = image?.hits[s] ?? 0, rows = image?.rows ?? 0;
      cell.textContent = image && rows > 0 ? `${hits}/${rows}` : "–";
      cell.ariaLabel = !image
        ? ""
        : image.isScored
        ? `${this.#systems[s]}: ${hits} of ${rows} relations found`
        : `${this.#systems[s]}: not scored`;
      cell.dataset.change = image && s > 0 && rows > 0
        ? String(Math.sign(hits - image.hits[0]))
        : "0";
      cell.style.setProperty("--share", String(rows > 0 ? hits / rows : 0));
    }
  }

  /** Asks for a part of the list that is not there. */
  async #ask(part: number): Promise<void> {
    if (this.#parts.has(part)) return;
    const parts = this.#parts, key = this.#key;
    parts.set(part, "asked");
    try {
      const { images } = await ask<ImageList>("/api/images", {
        ...{ ...this.#query, offset: part * PART, limit: PART },
      });
      if (key !== this.#key) return;
      parts.set(part, images);
      this.#draw();
    } catch (problem) {
      parts.delete(part);
      this.#listener.onProblem(problem);
    }
  }
}
