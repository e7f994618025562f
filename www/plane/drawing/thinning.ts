// Where drawing takes too long for motion, fewer particles are drawn while pictures move, and all of them once they rest.

/** Milliseconds that drawing all pictures of a frame may take, and what is so quick that more can be drawn. */
const budget = { slow: 16, quick: 6 };
/** Frames in a row that change the share. */
const patience = { slow: 3, quick: 40 };
/** No fewer than this share: it still shows where particles go. */
const least = 1 / 16;
/** Milliseconds without a picture that are a rest. */
const rest = 150;

export class Thinning {
  /** Of the particles, while pictures move. */
  share = 1;
  #slow = 0;
  #quick = 0;
  /** Until pictures that were drawn in part have rested. */
  #moving: ReturnType<typeof setTimeout> | undefined;

  constructor(
    /** Pictures are to be drawn once more, with all particles. */
    private readonly rested: () => void,
    private readonly changed: (share: number) => void,
    private readonly now = () => performance.now(),
  ) {}

  /**
   * Draws a frame's pictures with as many particles as there is time for; what is drawn elsewhere resolves when it is. Pictures
   * that have not moved, but look better than before, show all of them.
   */
  draw(moved: boolean, paint: (share: number) => void | Promise<void>): void | Promise<void> {
    if (!moved) return paint(this.#moving ? this.share : 1);
    clearTimeout(this.#moving);
    this.#moving = undefined;
    const [begun, { share }] = [this.now(), this];
    // Of pictures that were under way when the share changed nothing is to be learned.
    const done = () => {
      if (share === this.share) this.#learn(this.now() - begun);
    };
    const painted = paint(share);
    if (share < 1) this.#moving = setTimeout(() => this.#rest(), rest);
    if (painted) return painted.then(done);
    done();
  }

  #rest(): void {
    this.#moving = undefined;
    this.rested();
  }

  #learn(milliseconds: number): void {
    this.#slow = milliseconds > budget.slow ? this.#slow + 1 : 0;
    this.#quick = milliseconds < budget.quick ? this.#quick + 1 : 0;
    if (this.#slow >= patience.slow) this.#set(Math.max(this.share / 2, least));
    else if (this.#quick >= patience.quick) this.#set(Math.min(this.share * 2, 1));
  }

  #set(share: number): void {
    this.#slow = this.#quick = 0;
    if (share === this.share) return;
    this.share = share;
    this.changed(share);
  }
}
