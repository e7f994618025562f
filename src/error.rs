//! One error for the whole crate: a stable code, a plain sentence, and what to do about it.

use std::borrow::Cow;

/// What went wrong. `Display` is a plain sentence; [`Error::advice`] says what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The name of a model that is neither `exact` nor a network that was loaded.
    #[error("There is no model named \"{name}\".")]
    UnknownModel {
        /// The name as given.
        name: String,
    },
    /// A value outside its range, or settings that contradict each other.
    #[error("{what} must be {expected}; it is {found}.")]
    Invalid {
        /// The setting.
        what: Cow<'static, str>,
        /// Its range.
        expected: Cow<'static, str>,
        /// The value as given.
        found: String,
    },
    /// A rule of one's own that means nothing.
    #[cfg(any(not(target_arch = "wasm32"), feature = "own-rule"))]
    #[error("{problem} (Line {line}, letter {column} of the rule.)")]
    Rule {
        /// What is wrong, as a sentence.
        problem: String,
        /// The line of its text, from 1.
        line: usize,
        /// The letter in that line with which it begins, from 1.
        column: usize,
        /// How many letters it is about, which may be none at a line's end.
        length: usize,
    },
    /// A network that was trained on other data.
    #[error("{network} {} and knows nothing of {distribution}.", learned(data.as_deref()))]
    OtherData {
        /// The network.
        network: String,
        /// What it learned, as its file says; nothing if that says nothing.
        data: Option<String>,
        /// What was to be sampled.
        distribution: String,
    },
    /// A weights file that does not hold a denoiser.
    #[error("{tensor} in {file}: expected {expected}, found {found}.")]
    Weights {
        /// Which file, as far as that is known.
        file: String,
        /// The tensor, or the part of the file.
        tensor: String,
        /// What a good file has there.
        expected: String,
        /// What this one has.
        found: String,
    },
    /// Particles of a run that are nowhere any more.
    #[error("Particle {first} left the range of numbers: {lost} of {particles} are lost.")]
    Diverged {
        /// The number of the first of them.
        first: usize,
        /// How many they are.
        lost: usize,
        /// Of how many.
        particles: usize,
    },
    /// A file that could not be read or written.
    #[error("{path}: {problem}.")]
    File {
        /// The path as given.
        path: String,
        /// The system's words.
        problem: String,
    },
    /// An address, or a part of one, that asks for what there is not.
    #[cfg(not(target_arch = "wasm32"))]
    #[error("{problem}")]
    Address {
        /// What was not understood, in sentences.
        problem: String,
    },
    /// A graphics processor that cannot be had or that gave up.
    #[error("{fault}{reason}")]
    Gpu {
        /// What kind of trouble.
        fault: GpuFault,
        /// The system's words, in brackets, or nothing.
        reason: String,
    },
}

/// What can be wrong with a graphics processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GpuFault {
    /// There is no WebGPU at all.
    #[error("This browser has no WebGPU.")]
    Missing,
    /// No adapter answers.
    #[error("No graphics processor answers.")]
    NoAdapter,
    /// There is a software adapter only, which is slower than the processor's own engine.
    #[error("There is only a graphics processor emulated in software.")]
    Software,
    /// The adapter gives no device.
    #[error("The graphics processor refused to start.")]
    Refused,
    /// A shader does not compile, or a kernel has no form for these sizes.
    #[error("The graphics processor refused a shader.")]
    Shader,
    /// A buffer does not fit.
    #[error("The graphics processor has not enough memory for this many particles and steps.")]
    Memory,
    /// The device was lost.
    #[error("The graphics processor stopped.")]
    Lost,
    /// The canvas has a context of another kind.
    #[error("The canvas is taken by another context.")]
    Canvas,
}

/// What is known of the data that a network learned.
fn learned(data: Option<&str>) -> String {
    match data {
        Some("tree-2") => "was trained on the paper's tree (tree-2)".to_owned(),
        Some(data) => ["was trained on ", data].concat(),
        None => "does not say what it was trained on, is taken as of the paper's tree (tree-2),".to_owned(),
    }
}

/// The crate's result.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A setting outside its range.
    pub fn invalid(
        what: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
        found: impl ToString,
    ) -> Self {
        Self::Invalid { what: what.into(), expected: expected.into(), found: found.to_string() }
    }

    /// Trouble with a graphics processor, and the system's own words for it, if any.
    pub fn gpu(fault: GpuFault, reason: impl ToString) -> Self {
        let reason = reason.to_string();
        Self::Gpu { fault, reason: if reason.is_empty() { reason } else { format!(" ({reason})") } }
    }

    /// A fault of a weights file whose name is not known here; see [`Error::in_file`].
    pub(crate) fn weights(tensor: impl Into<String>, expected: impl Into<String>, found: impl Into<String>) -> Self {
        let file = "the weights file".to_owned();
        Self::Weights { file, tensor: tensor.into(), expected: expected.into(), found: found.into() }
    }

    /// The same fault, naming the file; other errors stay as they are.
    pub fn in_file(self, name: impl Into<String>) -> Self {
        match self {
            Self::Weights { tensor, expected, found, .. } => {
                Self::Weights { file: name.into(), tensor, expected, found }
            }
            other => other,
        }
    }

    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownModel { .. } => "unknown-model",
            Self::Invalid { .. } => "invalid",
            #[cfg(any(not(target_arch = "wasm32"), feature = "own-rule"))]
            Self::Rule { .. } => "rule",
            Self::OtherData { .. } => "other-data",
            Self::Weights { .. } => "weights",
            Self::Diverged { .. } => "diverged",
            Self::File { .. } => "file",
            #[cfg(not(target_arch = "wasm32"))]
            Self::Address { .. } => "address",
            Self::Gpu { fault, .. } => match fault {
                GpuFault::Missing => "gpu-missing",
                GpuFault::NoAdapter => "gpu-no-adapter",
                GpuFault::Software => "gpu-software",
                GpuFault::Refused => "gpu-refused",
                GpuFault::Shader => "gpu-shader",
                GpuFault::Memory => "gpu-memory",
                GpuFault::Lost => "gpu-lost",
                GpuFault::Canvas => "gpu-canvas",
            },
        }
    }

    /// What a person can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::UnknownModel { .. } => {
                "Use exact:A, exact:B, exact:AB, a shipped network such as main-64-4096, or a safetensors file."
            }
            Self::Invalid { .. } => "Change that setting and try again.",
            #[cfg(any(not(target_arch = "wasm32"), feature = "own-rule"))]
            Self::Rule { .. } => "Change the text there; docs/schemes.md tells what rules are written in.",
            Self::OtherData { data: Some(_), .. } => "Choose an exact model, or the data that it was trained on.",
            Self::OtherData { data: None, .. } => {
                "Choose an exact model or the paper's tree; a file says what it learned by the entry data of its metadata."
            }
            Self::Weights { .. } if cfg!(feature = "images") => {
                "Save a network of the plane as safetensors with layers.0.weight, layers.2.weight, ... and gain, all float32 or float64; \
                 files of pictures are written by weights/images/export.py and sprites/render."
            }
            Self::Weights { .. } => {
                "Save the network as safetensors with layers.0.weight, layers.2.weight, ... and gain, all float32 or float64."
            }
            Self::Diverged { .. } => "Lower the weight or add steps.",
            Self::File { .. } => "Check that the path exists and that you may use it.",
            #[cfg(not(target_arch = "wasm32"))]
            Self::Address { .. } => "Copy the link anew; docs/state.md tells what stands in one.",
            Self::Gpu { fault: GpuFault::Memory, .. } => "Choose fewer particles or steps, or the processor's engine.",
            Self::Gpu { .. } => "Use the processor's engine, which needs no graphics processor.",
        }
    }
}
