// What particles carry from step to step: two numbers of the combination (the first is the logarithm of the weight under
// Feynman-Kac correctors, or evidence of log p1 - log p0), and the denoised estimate of the step before (twin of `Memory` in engine/cpu/particles.rs).

@group(0) @binding(5) var<storage, read_write> memories: array<vec4f>;

fn recall(particle: u32) -> vec4f {
    return memories[particle];
}

fn remember(particle: u32, memory: vec4f) {
    memories[particle] = memory;
}
