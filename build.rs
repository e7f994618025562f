//! The command embeds the shipped networks, which the embedding macro does not watch.

fn main() {
    println!("cargo::rerun-if-changed=weights");
}
