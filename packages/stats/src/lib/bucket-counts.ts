import { BUCKETS } from "./sketch-buckets.ts";

const PAGE_BITS = 5;
const PAGE = 1 << PAGE_BITS;
const PAGES = Math.ceil(BUCKETS / PAGE);
const FIRST_SLAB_PAGES = 8;
const NO_PAGE = -1;

/**
 * Sparse counts per bucket. Pages of 32 buckets are created on first use and lie side by side in one growing
 * array. Latencies between 1 ms and 1 s touch at most 80 pages (20 KiB). In the worst case all 16,376 pages
 * exist: 4.2 MB. Counts are exact up to 2^53.
 */
export class BucketCounts {
  // Start of page #firstPage + i in #slab, or NO_PAGE. Covers only the pages from the lowest to the highest
  // in use.
  #table: Int32Array = new Int32Array(0);
  #firstPage = 0;
  #slab: Float64Array = new Float64Array(0);
  #used = 0;

  /** Adds `count` to the bucket. Allocates only if the bucket's page is new. */
  add(bucket: number, count: number): void {
    const page = (bucket >>> PAGE_BITS) - this.#firstPage;
    const table = this.#table;
    let start = page >= 0 && page < table.length ? (table[page] as number) : NO_PAGE;
    if (start === NO_PAGE) start = this.#newPage(bucket >>> PAGE_BITS);
    const at = start + (bucket & (PAGE - 1));
    this.#slab[at] = (this.#slab[at] as number) + count;
  }

  /** Adds every count of `other`, which may be this instance. */
  addAll(other: BucketCounts): void {
    if (this.#used === 0) {
      this.#copy(other);
      return;
    }
    const { length } = other.#table;
    for (let i = 0; i < length; i += 1) {
      const from = other.#table[i] as number;
      if (from !== NO_PAGE) this.#addPage(other.#firstPage + i, other.#slab, from);
    }
  }

  /** Calls `visit` for each bucket with a count, in ascending order, until it returns true. */
  scan(visit: (bucket: number, count: number) => boolean): void {
    for (let i = 0; i < this.#table.length; i += 1) {
      const start = this.#table[i] as number;
      if (start === NO_PAGE) continue;
      for (let j = 0; j < PAGE; j += 1) {
        const count = this.#slab[start + j] as number;
        if (count > 0 && visit(((this.#firstPage + i) << PAGE_BITS) + j, count)) return;
      }
    }
  }

  /** Sets every count to 0 and keeps the pages, so that further recording does not allocate. */
  clear(): void {
    this.#slab.fill(0, 0, this.#used);
  }

  /** Memory used by the counts. */
  get bytes(): number {
    return this.#slab.byteLength + this.#table.byteLength;
  }

  /** What windows merge first they merge into nothing: a copy costs a fraction of adding page by page. */
  #copy(other: BucketCounts): void {
    this.#table = other.#table.slice();
    this.#firstPage = other.#firstPage;
    this.#slab = other.#slab.slice(0, other.#used);
    this.#used = other.#used;
  }

  #addPage(page: number, from: Float64Array, fromStart: number): void {
    const known = this.#table[page - this.#firstPage] ?? NO_PAGE;
    const start = known === NO_PAGE ? this.#newPage(page) : known;
    const slab = this.#slab;
    for (let j = 0; j < PAGE; j += 1) {
      slab[start + j] = (slab[start + j] as number) + (from[fromStart + j] as number);
    }
  }

  #newPage(page: number): number {
    this.#coverPage(page);
    const start = this.#used;
    if (start === this.#slab.length) {
      const pages = Math.min(PAGES, Math.max(FIRST_SLAB_PAGES, (2 * start) / PAGE));
      const slab = new Float64Array(pages * PAGE);
      slab.set(this.#slab);
      this.#slab = slab;
    }
    this.#used = start + PAGE;
    this.#table[page - this.#firstPage] = start;
    return start;
  }

  #coverPage(page: number): void {
    const old = this.#table;
    const end = this.#firstPage + old.length;
    if (old.length > 0 && page >= this.#firstPage && page < end) return;
    const first = old.length === 0 ? page : Math.min(page, this.#firstPage);
    const table = new Int32Array((old.length === 0 ? page + 1 : Math.max(page + 1, end)) - first).fill(
      NO_PAGE,
    );
    table.set(old, old.length === 0 ? 0 : this.#firstPage - first);
    this.#table = table;
    this.#firstPage = first;
  }
}
