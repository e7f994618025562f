// Multiply-adds and nothing else: what the device could do at best. The prelude gives THREADS.

// Turns of the loop in each dispatch.
@group(0) @binding(0) var<storage, read> turns: array<u32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(THREADS)
fn multiply_add(@builtin(global_invocation_id) id: vec3u) {
    // Eight vectors hide the latency of one.
    let start = f32(id.x % 7u);
    var a = vec4f(start); var b = vec4f(start + 0.1); var c = vec4f(start + 0.2); var d = vec4f(start + 0.3);
    var e = vec4f(start + 0.4); var f = vec4f(start + 0.5); var g = vec4f(start + 0.6); var h = vec4f(start + 0.7);
    let scale = vec4f(0.999, 0.998, 0.997, 0.996);
    let add = vec4f(0.001);
    for (var turn = 0u; turn < turns[0]; turn++) {
        a = a * scale + add; b = b * scale + add; c = c * scale + add; d = d * scale + add;
        e = e * scale + add; f = f * scale + add; g = g * scale + add; h = h * scale + add;
    }
    let sum = a + b + c + d + e + f + g + h;
    sums[id.x] = sum.x + sum.y + sum.z + sum.w;
}
