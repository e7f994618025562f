//! Where schemes and their parts come from.

pub(crate) const EDM: &str = "Karras et al. 2022, arXiv 2206.00364";
pub(crate) const CFG: &str = "Ho & Salimans 2022, arXiv 2207.12598";
pub(crate) const AG: &str = "Karras et al. 2024, arXiv 2406.02507";
pub(crate) const HT: &str = "Heavy-tail guidance proposal";
pub(crate) const TEDM: &str = "Pandey et al. 2024, arXiv 2410.14171";
pub(crate) const TSG: &str = "Sadat et al. 2024, arXiv 2407.02687";
pub(crate) const WS: &str = "Wang et al. 2024, arXiv 2404.13040";
pub(crate) const LI: &str = "Kynkäänniemi et al. 2024, arXiv 2404.07724";
pub(crate) const SDE: &str = "Song et al. 2021, arXiv 2011.13456";
pub(crate) const CFG_PP: &str = "Chung et al. 2024, arXiv 2406.08070";
pub(crate) const APG: &str = "Sadat et al. 2024, arXiv 2410.02416";
pub(crate) const THRESHOLD: &str = "After Saharia et al. 2022, arXiv 2205.11487";
pub(crate) const ZERO: &str = "Fan et al. 2025, arXiv 2503.18886";
pub(crate) const TCFG: &str = "Kwon et al. 2025, arXiv 2503.18137";
pub(crate) const MG: &str = "Liao et al. 2026, arXiv 2602.20360";
pub(crate) const POWER: &str = "Pavasovic et al. 2025, arXiv 2502.07849";
pub(crate) const BETA: &str = "Malarz et al. 2025, arXiv 2502.10574";
pub(crate) const TSR: &str = "Xu et al. 2025, arXiv 2510.01184";
pub(crate) const FBG: &str = "Koulischer et al. 2025, arXiv 2506.06085";
pub(crate) const DNG: &str = "Koulischer et al. 2024, arXiv 2410.14398";
pub(crate) const FKC: &str = "Skreta et al. 2025, arXiv 2503.02819";
