// In place of memory where a scheme needs none.
fn recall(particle: u32) -> vec4f {
    return vec4f();
}

fn remember(particle: u32, memory: vec4f) {
}
