/**
 * Scene graphs from detections: the permutation-invariant Scene Graph Predictor of
 * Herzig, Raboh et al. (NeurIPS 2018, arXiv 1802.05451), and recall as the field
 * measures it.
 *
 * {@linkcode SceneGraphPredictor} takes boxes with a detector's labels or scores, or a
 * photograph, and returns one coherent scene graph as plain data.
 * {@linkcode RecallEvaluator} scores predictions, functions such as
 * {@linkcode drawOverImage} draw them.
 *
 * @example
 * ```ts
 * import { SceneGraphPredictor, tripletOf } from "./mod.ts";
 *
 * using sgp = await SceneGraphPredictor.load(
 *   new URL("./checkpoints/gpi_linguistic_vg_pretrained.safetensors", import.meta.url),
 * );
 * const graph = await sgp.predict({
 *   boxes: [[300, 120, 390, 350], [240, 190, 470, 420]],
 *   imageWidth: 640,
 *   imageHeight: 480,
 *   entityLabels: ["person", "horse"],
 *   entityScores: [0.9, 0.8],
 * }, { k: 3 });
 * const { subject, predicate, object } = tripletOf(graph, graph.relations[0]);
 * console.log(subject, predicate, object);
 * ```
 *
 * @module
 */

export {
  type Box,
  type Entity,
  type GivenLabel,
  type Relation,
  type SceneGraph,
  type Triplet,
  tripletOf,
} from "./src/scene_graph.ts";
export { Vocabulary, type VocabularyData } from "./src/vocabulary.ts";
export type { AnnotatedImage, Annotation, Example, Logits } from "./src/example.ts";
export type { Numbers } from "./src/predict/arrays.ts";
export type { ForeignOptions } from "./src/foreign/rules.ts";
export type { MendedCounts, MendedKind } from "./src/foreign/mended.ts";
export {
  type Attention,
  type AttentionMeasure,
  type BestThreshold,
  type LabelMode,
  type LoadOptions,
  type OwnImageInput,
  type Precision,
  type PredictedGraph,
  type PredictInput,
  type PredictOptions,
  SceneGraphPredictor,
  type StepBeliefs,
} from "./src/predict/predictor.ts";
export type { Detections } from "./src/detections.ts";
export {
  detect,
  type DetectFunction,
  type DetectOptions,
  type Detector,
  type DetectorOptions,
  type ImageSource,
  loadDetector,
  type Picture,
} from "./src/detect/detect.ts";
export type { CenterNetOptions } from "./src/detect/centernet.ts";
export type { CenterNetSource } from "./src/detect/centernet_files.ts";
export type { DetectionReport } from "./src/predict/detected_graph.ts";
export type { DetectionCounts, DetectionOptions } from "./src/predict/detections.ts";
export type { ClassMatch, MatchKind } from "./src/predict/classes/class_map.ts";
export type { ImageSize, ResultOptions } from "./src/foreign/detections/list.ts";
export type { ClassNames } from "./src/foreign/detections/classes.ts";
export {
  type CocoCategory,
  type CocoImage,
  type CocoOptions,
  cocoResultsByImage,
  fromCocoResults,
} from "./src/foreign/detections/coco_results.ts";
export {
  type DetectionFormat,
  type DetectionHints,
  fromResults,
  type ResultsOptions,
} from "./src/foreign/detections/read_json.ts";
export type { ReadingName } from "./src/foreign/detections/readings.ts";
export { fromCocoSsd } from "./src/foreign/detections/coco_ssd.ts";
export {
  fromTorchvision,
  type TorchvisionOptions,
} from "./src/foreign/detections/torchvision.ts";
export {
  fromTransformersJs,
  type TransformersOptions,
} from "./src/foreign/detections/transformers_js.ts";
export {
  fromUltralytics,
  fromYoloRows,
  type UltralyticsOptions,
  type YoloOptions,
} from "./src/foreign/detections/ultralytics.ts";
export {
  type Backend,
  type BackendName,
  type BackendOptions,
  type WasmBuild,
} from "./src/kernels/backend.ts";
export {
  type EvaluationResult,
  type EvaluatorOptions,
  type ImageHits,
  type ImageResult,
  type ImageTriplet,
  type MetricValue,
  type PredicateValue,
  RecallEvaluator,
} from "./src/eval/evaluator.ts";
export type { AccuracyCounts } from "./src/eval/accuracy.ts";
export type {
  DensePrediction,
  PairPrediction,
  PredictedEntities,
  Prediction,
  TripletPrediction,
} from "./src/eval/prediction.ts";
export {
  describeProtocol,
  parseProtocol,
  type Protocol,
  type ProtocolName,
  PROTOCOLS,
  type Task,
} from "./src/eval/protocol.ts";
export { TrainingTriplets, type ZeroShot, zeroShotList } from "./src/eval/zero_shot.ts";
export { recallAtK, type RecallOptions } from "./src/eval/recall_at_k.ts";
export type { ImageOptions } from "./src/render/image.ts";
export { type DrawOptions, drawOverImage } from "./src/render/svg.ts";
export { type BeforeAfterOptions, drawBeforeAfter } from "./src/render/before_after.ts";
export {
  type AttentionOptions,
  drawAttention,
  type DrawnAttention,
} from "./src/render/attention.ts";
export { type DrawnBeliefs, drawSteps, type StepsOptions } from "./src/render/steps.ts";
export type { ChoiceOptions } from "./src/render/choice.ts";
export { toSentences } from "./src/render/text/sentences.ts";
export { toCompactText } from "./src/render/text/compact_text.ts";
export { toDot } from "./src/render/text/dot.ts";
export { toJsonLd } from "./src/render/text/json_ld.ts";
export {
  GraphSmoother,
  smooth,
  type SmoothOptions,
  type TrackedEntity,
  type TrackedGraph,
} from "./src/video/smooth.ts";
