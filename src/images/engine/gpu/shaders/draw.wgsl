// The drawing that is recalled for each picture (twin of `NetworkLanes::evaluate`): the vector of its subject times that of its style,
// each as the prompt says it, or averaged by the probabilities of words that are read.

@group(0) @binding(0) var<uniform> now: Now;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
// Of each number of a drawing its vectors' numbers by word, in the order of logits.
@group(0) @binding(2) var<storage, read> vectors: array<f32>;
// Of each level and condition, and of each picture if EACH: whether the subject and the style are said, and their vectors.
@group(0) @binding(3) var<storage, read> told: array<f32>;
@group(0) @binding(4) var<storage, read_write> drawing: array<f32>;

var<workgroup> chances: array<f32, WORDS * TILE>;

@compute @workgroup_size(TILE, ALONG)
fn draw(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let lane = local.x;
    let tile = group.y;
    var ends = ENDS;
    // Each row of invocations takes a slot.
    if (local.y < SLOTS) {
        let end = ends[local.y];
        var first = 0u;
        if (local.y > 0u) { first = ends[local.y - 1u]; }
        var most = -1e30;
        for (var word = first; word < end; word++) {
            most = max(most, logits[(tile * ROOM + word) * TILE + lane]);
        }
        var total = 0.0;
        for (var word = first; word < end; word++) {
            let weight = exp(logits[(tile * ROOM + word) * TILE + lane] - most);
            chances[word * TILE + lane] = weight;
            total += weight;
        }
        for (var word = first; word < end; word++) {
            chances[word * TILE + lane] /= total;
        }
    }
    workgroupBarrier();
    let number = group.x * ALONG + local.y;
    if (number >= NUMBERS) { return; }
    // Subject and style.
    var read = vec2f();
    for (var word = 0u; word < ends[SLOTS - 2u]; word++) {
        read.x += chances[word * TILE + lane] * vectors[number * WORDS + word];
    }
    for (var word = ends[SLOTS - 2u]; word < WORDS; word++) {
        read.y += chances[word * TILE + lane] * vectors[number * WORDS + word];
    }
    let said = vec2f(told[place(tile, lane, 0u)], told[place(tile, lane, 1u)]) > vec2f();
    let vector = vec2f(told[place(tile, lane, 2u + number)], told[place(tile, lane, 2u + NUMBERS + number)]);
    let drawn = select(read, vector, said);
    drawing[(tile * DRAWING + number) * TILE + lane] = drawn.x * drawn.y;
}

// Where a number of what a picture is told stands.
fn place(tile: u32, lane: u32, number: u32) -> u32 {
    let width = 2u + 2u * NUMBERS;
    let level = now.level * now.conditions;
    if (EACH) {
        return ((level * now.tiles + tile) * width + number) * TILE + lane;
    }
    return (level + tile / now.tiles) * width + number;
}
