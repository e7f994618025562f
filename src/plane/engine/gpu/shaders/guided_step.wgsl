// Takes the particles of a tile through some steps of a plan (twin of `Sampler::step` in engine/cpu/sampler.rs). The
// prelude says which parts are needed: GUIDED, ALONE, ALWAYS, VECTOR, WEIGHTED, EVIDENCE, RATIO, NUMBER, STOCHASTIC, REMEMBERS.

struct Chunk {
    first_tile: u32,
    first_row: u32,
    rows: u32,
    particles: u32,
}

// A row: `sampling::Step` and what guides it; pairs are of the first stage and of the second.
struct Step {
    // The combination's numbers; under Feynman-Kac correctors what the log-weight takes of |s1 - s0|^2, of the guide's
    // curvature, and of the difference of log-densities at the beginning.
    rule: vec4f,
    kick: f32,
    keep: f32,
    push: f32,
    recall: f32,
    // Zero where no second stage follows.
    correct: vec2f,
    sigmas: vec2f,
    weights: vec2f,
    // Rows of the models' levels.
    stages: vec2u,
    spread: f32,
    // Of the guide's score.
    factor: f32,
    // `rule::Update`: least and greatest, then keep, along, square, offset. Of a rule of one's own `steps` and `time` of `Moment`.
    bounds: vec2f,
    update: vec4f,
    // Step that it is of, and after how many steps particles are where it takes them: the same, if that is on the way.
    places: vec2u,
}

// Positions by step: `particles` of them at the start, after one step, and so on.
@group(0) @binding(0) var<storage, read_write> path: array<vec2f>;
@group(0) @binding(1) var<storage, read> rows: array<Step>;
@group(0) @binding(2) var<uniform> chunk: Chunk;

// What scores add to the logarithm of a particle's weight (twin of `Sampler::weigh`).
fn weigh(moment: Moment, main: vec3f, guide: vec3f, memory: ptr<function, vec4f>) {
    let difference = main.xy - guide.xy;
    if (moment.place == BEGINNING) {
        (*memory).x = moment.rule.z * (main.z - guide.z);
    }
    (*memory).x += moment.rule.x * dot(difference, difference) + moment.rule.y * curvature;
}

// What evidence is updated by at the end of a step.
struct Passage {
    // Of where the guide alone would have gone.
    mean: vec2f,
    d: vec2f,
}

// The guided score of a particle at `at`; `memory` holds what it carries (twin of `Sampler::combine`).
fn combine(
    asked: Moment,
    keep: f32,
    at: vec2f,
    main: vec2f,
    guide: vec2f,
    memory: ptr<function, vec4f>,
    passage: ptr<function, Passage>,
) -> vec2f {
    if (COMBINATION == LINEAR) {
        return guide + asked.weight * (main - guide);
    }
    var moment = asked;
    if (NUMBER) {
        moment.ratio = (*memory).x;
    }
    let variance = moment.sigma * moment.sigma;
    let one = at + variance * main;
    let eps = -moment.sigma * main;
    let d = variance * (main - guide);
    let m = select(vec2f(), (*memory).xy, VECTOR);
    let gram = Gram(
        dot(one, one),
        dot(one, eps),
        dot(one, d),
        dot(one, m),
        dot(eps, eps),
        dot(eps, d),
        dot(eps, m),
        dot(d, d),
        dot(d, m),
        dot(m, m),
    );
    let mixed = mix_rule(moment, gram);
    let basis = mat4x2f(one, eps, d, m);
    if (VECTOR) {
        *memory = vec4f(basis * mixed.memory, (*memory).zw);
    }
    if (NUMBER) {
        (*memory).x = mixed.memory.x;
    }
    if (EVIDENCE && moment.place != SECOND) {
        *passage = Passage(keep * at + (1.0 - keep) * (one - d), d);
    }
    return main + basis * mixed.push / variance;
}

// Uniform over the workgroup, as barriers within models ask: all but `at`, `local` and `memory`.
fn guided_score(
    asked: Moment,
    now: Step,
    stage: u32,
    at: vec2f,
    local: u32,
    memory: ptr<function, vec4f>,
    passage: ptr<function, Passage>,
) -> vec2f {
    var moment = asked;
    place_tile(at, local);
    let main = main_evaluate(stage, local);
    if (!GUIDED || (!ALWAYS && moment.weight == 1.0)) {
        if (ALONE) {
            return combine(moment, now.update.x, at, main.xy, main.xy, memory, passage);
        }
        return main.xy;
    }
    let guide = guide_evaluate(stage, local);
    if (WEIGHTED) {
        weigh(moment, main, guide, memory);
    }
    if (EVIDENCE) {
        if (moment.place == BEGINNING) {
            (*memory).x = 0.0;
        }
        moment.ratio = (*memory).x;
    }
    if (RATIO) {
        moment.ratio = main.z - guide.z;
    }
    return combine(moment, now.update.x, at, main.xy, now.factor * guide.xy, memory, passage);
}

const CURVED = WEIGHTED;

@compute @workgroup_size(THREADS)
fn guided_step(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
    let particle = (chunk.first_tile + group.x) * PARTICLES + local;
    let holds = local < PARTICLES && particle < chunk.particles;
    let some = min(particle, chunk.particles - 1u);
    var at = path[rows[chunk.first_row].places.x * chunk.particles + some];
    var memory = recall(some);
    var passage: Passage;
    for (var row = chunk.first_row; row < chunk.first_row + chunk.rows; row++) {
        let now = rows[row];
        var xi = vec4f();
        if (STOCHASTIC && (now.kick != 0.0 || now.spread != 0.0)) {
            xi = normals(particle, row);
            at += now.kick * xi.xy;
        }
        let place = select(FIRST, BEGINNING, row == 0u);
        var moment = Moment(now.sigmas.x, now.weights.x, place, now.rule, 0.0, now.update, now.bounds);
        let first = guided_score(moment, now, now.stages.x, at, local, &memory, &passage);
        if (now.correct.y == 0.0) {
            let estimate = at + now.sigmas.x * now.sigmas.x * first;
            at = now.keep * at + now.push * first;
            if (STOCHASTIC) {
                at += now.spread * xi.zw;
            }
            if (REMEMBERS) {
                at += now.recall * memory.zw;
                memory = vec4f(memory.xy, estimate);
            }
        } else {
            moment = Moment(now.sigmas.y, now.weights.y, SECOND, now.rule, 0.0, now.update, now.bounds);
            let second = guided_score(moment, now, now.stages.y, at + now.push * first, local, &memory, &passage);
            at += now.correct.x * first + now.correct.y * second;
        }
        if (EVIDENCE) {
            let moved = dot(at - passage.mean, passage.d);
            let next = memory.x + now.update.y * moved + now.update.z * dot(passage.d, passage.d) + now.update.w;
            memory.x = clamp(next, now.bounds.x, now.bounds.y);
        }
        if (holds && now.places.y != now.places.x) {
            path[now.places.y * chunk.particles + particle] = at;
        }
    }
    if (holds) {
        remember(particle, memory);
    }
}
