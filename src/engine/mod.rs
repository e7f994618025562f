//! What moves particles. One room for each kind of engine; so far the processor's.

pub mod cpu;
