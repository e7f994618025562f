// In place of noise where a solver adds none.
fn normals(particle: u32, step: u32) -> vec4f {
    return vec4f();
}
