//! Where schemes and their parts come from.

pub(super) const EDM: &str = "Karras et al. 2022, arXiv 2206.00364";
pub(super) const CFG: &str = "Ho & Salimans 2022, arXiv 2207.12598";
pub(super) const AG: &str = "Karras et al. 2024, arXiv 2406.02507";
pub(super) const HT: &str = "Heavy-tail guidance proposal";
pub(super) const TEDM: &str = "Pandey et al. 2024, arXiv 2410.14171";
pub(super) const TSG: &str = "Sadat et al. 2024, arXiv 2407.02687";
pub(super) const WS: &str = "Wang et al. 2024, arXiv 2404.13040";
pub(super) const LI: &str = "Kynkäänniemi et al. 2024, arXiv 2404.07724";
pub(super) const SDE: &str = "Song et al. 2021, arXiv 2011.13456";
pub(super) const CFG_PP: &str = "Chung et al. 2024, arXiv 2406.08070";
pub(super) const APG: &str = "Sadat et al. 2024, arXiv 2410.02416";
pub(super) const THRESHOLD: &str = "After Saharia et al. 2022, arXiv 2205.11487";
pub(super) const ZERO: &str = "Fan et al. 2025, arXiv 2503.18886";
pub(super) const TCFG: &str = "Kwon et al. 2025, arXiv 2503.18137";
pub(super) const MG: &str = "Liao et al. 2026, arXiv 2602.20360";
pub(super) const POWER: &str = "Pavasovic et al. 2025, arXiv 2502.07849";
pub(super) const BETA: &str = "Malarz et al. 2025, arXiv 2502.10574";
pub(super) const TSR: &str = "Xu et al. 2025, arXiv 2510.01184";
pub(super) const FBG: &str = "Koulischer et al. 2025, arXiv 2506.06085";
pub(super) const DNG: &str = "Koulischer et al. 2024, arXiv 2410.14398";
pub(super) const FKC: &str = "Skreta et al. 2025, arXiv 2503.02819";
