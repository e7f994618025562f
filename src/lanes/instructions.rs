//! Which instruction set kernels run with outside of WebAssembly: the best that the machine has, or one that is asked for,
//! so that every machine can test and measure all that it has.

use super::{Kernel, portable::Portable};
use crate::error::{Error, Result};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The environment variable that names a set where no option does.
const VARIABLE: &str = "GUIDANCE_INSTRUCTIONS";
/// The name of the best set of the machine.
const AUTO: &str = "auto";

/// An instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instructions {
    /// Sixteen lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// Eight lanes, with fused multiply-adds.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Four lanes, with fused multiply-adds.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// Four lanes of plain arithmetic.
    Portable,
}

/// The best first.
const ALL: &[Instructions] = &[
    #[cfg(target_arch = "x86_64")]
    Instructions::Avx512,
    #[cfg(target_arch = "x86_64")]
    Instructions::Avx2,
    #[cfg(target_arch = "aarch64")]
    Instructions::Neon,
    Instructions::Portable,
];

/// Place in `ALL` of the set that kernels are entered with; beyond it until there is one.
static CHOSEN: AtomicUsize = AtomicUsize::new(usize::MAX);

impl Instructions {
    /// Those that this machine has, the best first.
    pub fn available() -> impl Iterator<Item = Self> {
        ALL.iter().copied().filter(|set| set.is_here())
    }

    /// The best that this machine has.
    pub fn best() -> Self {
        Self::available().next().expect("every machine has the portable set")
    }

    /// The set that `name` asks for, or in its absence the environment variable `GUIDANCE_INSTRUCTIONS`; none where that
    /// is `auto`, or nobody asks.
    ///
    /// # Errors
    /// If this machine has no set of that name.
    pub fn asked(name: Option<&str>) -> Result<Option<Self>> {
        let variable = std::env::var(VARIABLE).ok();
        let (what, name) = match (name, &variable) {
            (Some(name), _) => ("The instruction set", name),
            (None, Some(name)) => (VARIABLE, name.as_str()),
            (None, None) => return Ok(None),
        };
        if name == AUTO {
            return Ok(None);
        }
        Self::available().find(|set| set.name() == name).map(Some).ok_or_else(|| {
            let names: Vec<_> = Self::available().map(Self::name).collect();
            Error::invalid(what, format!("{AUTO} or one that this machine has ({})", names.join(", ")), name)
        })
    }

    /// Enter all kernels with this set from now on, in every thread.
    ///
    /// # Panics
    /// If this machine does not have it.
    pub fn choose(self) {
        assert!(self.is_here(), "this machine has no {}", self.title());
        let place = ALL.iter().position(|&set| set == self).expect("all are listed");
        CHOSEN.store(place, Ordering::Relaxed);
    }

    /// The one that kernels are entered with.
    pub fn current() -> Self {
        match ALL.get(CHOSEN.load(Ordering::Relaxed)) {
            Some(&set) => set,
            None => Self::first(),
        }
    }

    /// Where nobody has chosen yet.
    #[cold]
    fn first() -> Self {
        let set = Self::asked(None).unwrap_or_else(|error| panic!("{error}")).unwrap_or_else(Self::best);
        set.choose();
        set
    }

    /// What it is asked for by.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "avx512",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(target_arch = "aarch64")]
            Self::Neon => "neon",
            Self::Portable => "portable",
        }
    }

    /// What its makers call it.
    pub fn title(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "AVX-512",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "AVX2",
            #[cfg(target_arch = "aarch64")]
            Self::Neon => "NEON",
            Self::Portable => "portable",
        }
    }

    fn is_here(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => is_x86_feature_detected!("avx512f") && Self::Avx2.is_here(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => true,
            Self::Portable => true,
        }
    }

    /// Run `kernel` with it.
    ///
    /// # Safety
    /// This machine has it.
    pub(super) unsafe fn enter<K: Kernel>(self, kernel: K) -> K::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the caller's.
            Self::Avx512 => unsafe { super::x86::run_avx512(kernel) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the caller's.
            Self::Avx2 => unsafe { super::x86::run_avx2(kernel) },
            #[cfg(target_arch = "aarch64")]
            Self::Neon => kernel.run(super::neon::Neon),
            Self::Portable => kernel.run(Portable),
        }
    }
}
