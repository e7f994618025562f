// The page's offer of a tour, which is fetched when it is taken.
import type { GuidancePlayground } from './embed/guidance-playground.js';

export function offerTour(buttons: Iterable<HTMLButtonElement>): void {
  for (const button of buttons) {
    button.parentElement!.hidden = false;
    button.addEventListener('click', async () => {
      await import('./components/page/guided-tour.js');
      const { instrument } = document.querySelector<GuidancePlayground>('guidance-playground')!;
      // The instrument may still be on its way.
      if (!instrument) return;
      document.querySelector('guided-tour')?.remove();
      const tour = document.createElement('guided-tour');
      document.body.append(tour);
      tour.begin(instrument, button);
    });
  }
}
