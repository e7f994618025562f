// What the page can ask of pictures besides runs.
import type {
  ImagesDifferences,
  ImagesEstimates,
  ImagesJudgement,
  ImagesPicture,
  ImagesReading,
  PromptWords,
} from '../../../pkg/images/guidance_playground.js';
import type { ImagesConfig } from '../config.js';

/** What a prompt asks for. */
export interface ReadQuestion {
  type: 'read';
  prompt: string;
}

/** What models say of some of a run's pictures, where they are at the beginning of a step, and what the scheme makes of it. */
export interface EstimatesQuestion {
  type: 'estimates';
  config: ImagesConfig;
  /** The first one's number in the run. */
  first: number;
  /** Where they are. */
  data: Float32Array;
  /** At `levels.steps`, where no noise is left, the last step's level is asked for. */
  step: number;
}

/** What is seen in pictures, and how good they are against what the prompt stands for. */
export interface JudgeQuestion {
  type: 'judge';
  prompt: string;
  data: Float32Array;
}

/** Metrics of pictures less those of others from the same noise, as many of the same prompt. */
export interface DifferenceQuestion {
  type: 'difference';
  prompt: string;
  readings: (ImagesReading | null)[];
  others: (ImagesReading | null)[];
}

/** Perfect samples of a prompt. */
export interface TruthQuestion {
  type: 'truth';
  prompt: string;
  seed: number;
  pictures: number;
}

/** Pictures of the world, by their places: what readings name. */
export interface PicturesQuestion {
  type: 'pictures';
  places: readonly number[];
}

/** Whether a file holds a network of pictures: refused with what is wrong with it. */
export interface NetworkQuestion {
  type: 'network';
  name: string;
  bytes: Uint8Array;
}

/** Some of the world's pictures. */
export interface TruePictures {
  places: number[];
  pictures: ImagesPicture[];
  /** As data, one after another. */
  data: Float32Array<ArrayBuffer>;
}

interface Answers {
  read: PromptWords;
  estimates: ImagesEstimates;
  judge: ImagesJudgement;
  difference: ImagesDifferences;
  truth: TruePictures;
  pictures: TruePictures;
  network: true;
}

export type Question =
  | ReadQuestion
  | EstimatesQuestion
  | JudgeQuestion
  | DifferenceQuestion
  | TruthQuestion
  | PicturesQuestion
  | NetworkQuestion;

export type Answer<Q extends Question = Question> = Answers[Q['type']];
