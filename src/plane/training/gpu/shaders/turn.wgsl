// What a dispatch is told: a part of an iteration's batch, and the numbers of its update.

struct Turn {
    seed: vec2u,
    iteration: u32,
    // Number of the part's first particle, and how many the batch has.
    first: u32,
    size: u32,
    // Whether it is the iteration's first part.
    begins: u32,
    // Where the tails of the part and the loss of the iteration stand.
    tails: u32,
    loss: u32,
    // Learning rate over the correction of the first moment; one over that of the second.
    rate: f32,
    correction: f32,
    // What the average keeps of itself.
    keep: f32,
    // Degrees of freedom of Student-t noise, or zero.
    degrees: f32,
}

@group(1) @binding(0) var<uniform> turn: Turn;
