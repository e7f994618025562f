#!/usr/bin/env bash
# Trains every network in this folder, and those of the other seeds that the card compares, into target/weights; copies
# what ships here. About a quarter of an hour on two cores. What is there already is kept: delete target/weights to start over.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet
command=$PWD/target/release/guidance-playground
runs=$PWD/target/weights
mkdir -p "$runs"

# train CLASSES HIDDEN SEED ITERATIONS SNAPSHOT_EVERY [DEGREES_OF_FREEDOM]
train() {
    local out="$runs/$1$2${6:+nu$6}-seed$3"
    [ -f "$out/$(printf %04d "$4").safetensors" ] && return
    local more=()
    [ -f "$out/checkpoint.safetensors" ] && more=(--resume)
    [ -n "${6:-}" ] && more+=(--degrees-of-freedom "$6")
    echo "$1, $2 wide, seed $3, $4 iterations${6:+, Student-t noise of $6 degrees of freedom}"
    "$command" train --classes "$1" --hidden "$2" --seed "$3" --iterations "$4" --snapshot-every "$5" --out "$out" "${more[@]}"
}

for seed in 0 1 2; do
    train A 64 $seed 4096 256
    train A 32 $seed 512 64
    train AB 32 $seed 512 64
done

# Of three seeds, the guide with the median outlier rate ships (the card has the figures).
train A 32 0 4096 64
train AB 32 2 4096 64
train AB 64 0 4096 256
train B 32 0 512 64

# Heavy tails: the exact score of Student-t noise costs thirty times a Gaussian's, so these take most of the time.
train A 64 0 4096 256 4
train A 64 0 4096 256 10

# What ships, by the table of the networks.
weights/card.py --files | while read -r run name; do
    cp "$runs/$run.safetensors" "weights/$name.safetensors"
done

weights/round.py weights/*.safetensors
