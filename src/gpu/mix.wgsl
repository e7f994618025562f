// Every rule as a function of inner products (twin of `mix` in guidance/rule/mix.rs, which says where the formulas come from). The
// prelude says which one: COMBINATION.

const LINEAR = 0u;
const APG = 1u;
const CFG_ZERO_STAR = 2u;
const TCFG = 3u;
const NORM_CLIP = 4u;
const MOMENTUM = 5u;
const POWER_LAW = 6u;
const TSR = 7u;
const FEEDBACK = 8u;
const NEGATIVE = 9u;
const ADG = 10u;
const PMC = 11u;
const MAMBO_G = 12u;
const RENORM = 13u;
const HIGS = 14u;
const EPSILON_SCALING = 15u;
const ADAPTIVE_GUIDANCE = 16u;
const TRANSITION_POINT = 17u;

// Places in a run: memory begins anew in its first stage, and is only read in second stages.
const BEGINNING = 0u;
const FIRST = 1u;
const SECOND = 2u;

struct Moment {
    sigma: f32,
    // Guidance weight.
    weight: f32,
    place: u32,
    // The numbers of the combination, in the order of its fields.
    rule: vec4f,
    // log p1 - log p0, or what is known of it.
    ratio: f32,
    // Of a rule of one's own sigma_next, u in both stages, and k; which step it is, and how many there are.
    time: vec4f,
    steps: vec2f,
}

// Inner products of D1, eps1, d and m.
struct Gram {
    one_one: f32,
    one_eps: f32,
    one_d: f32,
    one_m: f32,
    eps_eps: f32,
    eps_d: f32,
    eps_m: f32,
    d_d: f32,
    d_m: f32,
    m_m: f32,
}

// Coefficients on them: of the guided estimate less D1, and of what is remembered next.
struct Mix {
    push: vec4f,
    memory: vec4f,
}

// Smaller than any square that matters; keeps quotients finite where a vector vanishes.
const TINY = 1e-30;

// What a length is multiplied by so that it is no longer than a radius; 0 is no bound.
fn bound(length: f32, radius: f32) -> f32 {
    if (radius > 0.0 && length > radius) {
        return radius / length;
    }
    return 1.0;
}

const PI = 3.14159265;

// The sine of an angle from 0 to pi/3, which the language's own may give to three digits only.
fn sine(angle: f32) -> f32 {
    let z = angle * angle;
    let above = 1.0 / 6.0 - z * (1.0 / 120.0 - z * (1.0 / 5040.0 - z / 362880.0));
    return angle * (1.0 - z * above);
}

// The angle from 0 to pi that goes so far along a direction and so far across it, at least 0; likewise.
fn angle_of(along: f32, across: f32) -> f32 {
    // The tangents of a half, a quarter and an eighth of it, or of what is missing to pi.
    let half = across / max(abs(along) + sqrt(along * along + across * across), TINY);
    let quarter = half / (1.0 + sqrt(1.0 + half * half));
    let t = quarter / (1.0 + sqrt(1.0 + quarter * quarter));
    let z = t * t;
    let angle = 8.0 * t * (1.0 - z * (1.0 / 3.0 - z * (1.0 / 5.0 - z * (1.0 / 7.0 - z / 9.0))));
    return select(angle, PI - angle, along < 0.0);
}

fn mix_rule(moment: Moment, gram: Gram) -> Mix {
    let sigma = moment.sigma;
    let excess = moment.weight - 1.0;
    let unchanged = vec4f(0.0, 0.0, 0.0, 1.0);
    if (COMBINATION == APG) {
        let beta = select(moment.rule.x, 0.0, moment.place == BEGINNING);
        let square = gram.d_d + beta * (gram.d_m + gram.d_m + beta * gram.m_m);
        let size = excess * bound(sqrt(max(square, 0.0)), moment.rule.z);
        let along = (gram.one_d + beta * gram.one_m) / max(gram.one_one, TINY);
        let next = select(vec4f(0.0, 0.0, 1.0, beta), unchanged, moment.place == SECOND);
        return Mix(vec4f(-size * (1.0 - moment.rule.y) * along, 0.0, size, size * beta), next);
    }
    if (COMBINATION == CFG_ZERO_STAR) {
        let guide_d = -(sigma * gram.eps_d + gram.d_d);
        let guide_guide = sigma * (sigma * gram.eps_eps + gram.eps_d) - guide_d;
        let misfit = -guide_d / max(guide_guide, TINY);
        return Mix(vec4f(0.0, -sigma * excess * misfit, excess * (1.0 - misfit), 0.0), unchanged);
    }
    if (COMBINATION == TCFG) {
        let score_d = -sigma * gram.eps_d;
        let p_q = 2.0 * score_d - gram.d_d;
        let half = 2.0 * (sigma * sigma * gram.eps_eps - score_d);
        let root = sqrt(half * half + p_q * p_q);
        let axis = select(vec2f(p_q, root - half), vec2f(half + root, p_q), half > 0.0);
        let leading = axis / max(sqrt(dot(axis, axis)), TINY);
        let score = leading.y * (leading.x + leading.y);
        return Mix(vec4f(0.0, -sigma * excess * score, excess * (0.5 - leading.x * leading.y), 0.0), unchanged);
    }
    if (COMBINATION == NORM_CLIP) {
        return Mix(vec4f(0.0, 0.0, excess * bound(abs(excess) * sqrt(gram.d_d), moment.rule.x), 0.0), unchanged);
    }
    if (COMBINATION == MOMENTUM) {
        if (moment.place == BEGINNING) {
            return Mix(vec4f(), vec4f(1.0, 0.0, 0.0, 0.0));
        }
        let next = select(vec4f(moment.rule.y, 0.0, 0.0, 1.0 - moment.rule.y), unchanged, moment.place == SECOND);
        return Mix(vec4f(moment.rule.x, 0.0, 0.0, -moment.rule.x), next);
    }
    if (COMBINATION == TSR) {
        let variance = moment.rule.y * moment.rule.y;
        let narrowed = variance / moment.rule.x;
        let more = (variance - narrowed) / (narrowed + sigma * sigma);
        return Mix(vec4f(0.0, -sigma * more, (1.0 + more) * excess, 0.0), unchanged);
    }
    if (COMBINATION == FEEDBACK) {
        let rest = (1.0 - moment.rule.x) * exp(-moment.ratio);
        var own = moment.rule.y;
        if (rest < 1.0) {
            own = min(1.0 / (1.0 - rest), own);
        }
        return Mix(vec4f(0.0, 0.0, own - 1.0 + excess, 0.0), unchanged);
    }
    if (COMBINATION == NEGATIVE) {
        let posterior = min(moment.rule.y * exp(-moment.ratio), moment.rule.z);
        return Mix(vec4f(0.0, 0.0, moment.rule.x * posterior / (1.0 - posterior) + excess, 0.0), unchanged);
    }
    if (COMBINATION == ADG) {
        let guide_one = gram.one_one - gram.one_d;
        let guide_guide = guide_one - gram.one_d + gram.d_d;
        let product = gram.one_one * gram.d_d;
        let square = product - gram.one_d * gram.one_d;
        let area = select(0.0, sqrt(max(square, 0.0)), square > 64.0 * 0x1p-23 * product);
        let sine_between = area / max(sqrt(gram.one_one * guide_guide), TINY);
        let most = max(excess, 0.0);
        let turn = min(most * angle_of(guide_one, area), PI / 3.0);
        var ratio = most;
        if (sine_between > 1e-3) {
            ratio = sine(turn) / sine_between;
        }
        let misfit = (gram.d_d - gram.one_d) / max(guide_guide, TINY);
        let half = sine(0.5 * turn);
        return Mix(vec4f(ratio * misfit - 2.0 * half * half, 0.0, ratio * (1.0 - misfit), 0.0), unchanged);
    }
    if (COMBINATION == PMC) {
        let room = (moment.rule.x * moment.rule.x - 1.0) * gram.one_one;
        let root = sqrt(max(gram.one_d * gram.one_d + room * gram.d_d, 0.0));
        var most = (root - gram.one_d) / max(gram.d_d, TINY);
        if (gram.one_d > 0.0) {
            most = room / max(gram.one_d + root, TINY);
        }
        return Mix(vec4f(0.0, 0.0, min(excess, most), 0.0), unchanged);
    }
    if (COMBINATION == MAMBO_G) {
        let far = 1.0 + sigma;
        let guide = sigma * sigma * (gram.one_one + gram.eps_eps - 2.0 * gram.one_eps)
            + far * (far * gram.d_d + 2.0 * sigma * (gram.eps_d - gram.one_d));
        let share = far * sqrt(gram.d_d / max(guide, TINY));
        return Mix(vec4f(0.0, 0.0, excess * exp(-moment.rule.x * share), 0.0), unchanged);
    }
    if (COMBINATION == RENORM) {
        let push = excess / sigma;
        let more = push * (push * gram.d_d - 2.0 * gram.eps_d);
        let square = max(gram.eps_eps + more, TINY);
        let ratio = sqrt(gram.eps_eps / square);
        let short = more / square / (1.0 + ratio);
        let bounds = moment.rule.xy;
        let factor = max(min(bounds.y * ratio, 1.0), bounds.x * ratio);
        let less = 1.0 - bounds + bounds * short;
        let missing = min(max(less.y, 0.0), less.x);
        return Mix(vec4f(0.0, sigma * missing, factor * excess, 0.0), unchanged);
    }
    if (COMBINATION == HIGS) {
        let rate = moment.rule.y;
        var next = unchanged;
        var size = 0.0;
        if (moment.place == BEGINNING) {
            next = vec4f(rate, 0.0, rate * excess, 0.0);
        } else {
            if (moment.place == FIRST) {
                next = vec4f(rate, 0.0, rate * excess, 1.0 - rate);
            }
            let left = (sigma / (1.0 + sigma) - moment.rule.w) / (1.0 - moment.rule.w);
            size = moment.rule.x * sqrt(max(left, 0.0));
        }
        let square = gram.one_one + excess * (2.0 * gram.one_d + excess * gram.d_d);
        let of_memory = (gram.one_m + excess * gram.d_m) / max(square, TINY);
        let own = size * (moment.rule.z + (1.0 - moment.rule.z) * of_memory);
        return Mix(vec4f(own, 0.0, (1.0 + own) * excess, -size), next);
    }
    if (COMBINATION == EPSILON_SCALING) {
        let share = 1.0 / moment.rule.x;
        return Mix(vec4f(0.0, sigma * (1.0 - share), share * excess, 0.0), unchanged);
    }
    if (COMBINATION == ADAPTIVE_GUIDANCE) {
        let along = gram.eps_eps + gram.eps_d / sigma;
        let square = gram.eps_eps + (2.0 * gram.eps_d + gram.d_d / sigma) / sigma;
        let same = along > moment.rule.x * sqrt(gram.eps_eps * square);
        let ended = moment.place != BEGINNING && gram.m_m > 0.0;
        let fresh = vec4f(select(0.0, 1.0, same), 0.0, 0.0, 0.0);
        let next = select(fresh, unchanged, moment.place == SECOND || ended);
        return Mix(vec4f(0.0, 0.0, select(excess, 0.0, ended || same), 0.0), next);
    }
    if (COMBINATION == TRANSITION_POINT) {
        let guided = moment.place != BEGINNING && (gram.m_m == 0.0 || gram.d_d > gram.m_m);
        let fresh = vec4f(0.0, 0.0, select(1.0, 0.0, guided), 0.0);
        let next = select(fresh, unchanged, moment.place == SECOND);
        return Mix(vec4f(0.0, 0.0, select(-1.0, excess, guided), 0.0), next);
    }
    if (COMBINATION == POWER_LAW) {
        let factor = exp(0.5 * moment.rule.x * log(max(gram.d_d, TINY)));
        return Mix(vec4f(0.0, 0.0, excess * factor, 0.0), unchanged);
    }
    return Mix(vec4f(0.0, 0.0, excess, 0.0), unchanged);
}
