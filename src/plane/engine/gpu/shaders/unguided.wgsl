// In place of a guide where there is none.
fn guide_evaluate(level: u32, local: u32) -> vec3f {
    return vec3f();
}
