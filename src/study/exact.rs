//! Schemes without network error: every network replaced by the exact model of its class.

use crate::error::{Error, Result};
use crate::guidance::{Degradation, Guide, ModelName, Noise, Scheme};
use crate::plane::catalogue::network_of;
use crate::plane::distribution::Classes;
use crate::plane::{exact_classes, exact_model};

/// Class of a shipped network or an exact model, and the degrees of freedom of the noise it was trained on, if that was
/// heavy-tailed.
pub(super) fn class(name: &ModelName) -> Option<(Classes, Option<f64>)> {
    if let Some(classes) = exact_classes(name) {
        return Some((classes, None));
    }
    let network = network_of(name)?;
    Some((network.condition, network.config.degrees_of_freedom))
}

/// The scheme with exact models in place of networks, so that only guidance remains.
///
/// # Errors
/// [`Error::Invalid`] where a network has no exact counterpart: a file of one's own; a network that is worse than the main
/// model on purpose, since there is only one true distribution.
pub fn exact(scheme: &Scheme) -> Result<Scheme> {
    let shipped = |name: &ModelName| Error::invalid("A network with an exact counterpart", "a shipped one", name);
    let (main, tail) = class(&scheme.main).ok_or_else(|| shipped(&scheme.main))?;
    if tail.is_some() {
        return Err(Error::invalid("A main model with an exact counterpart", "one of Gaussian noise", &scheme.main));
    }
    let guide = scheme.guide.as_ref().map(|guide| {
        let name = guide.name();
        let (of, tail) = class(&name).ok_or_else(|| shipped(&name))?;
        let network = exact_classes(&name).is_none();
        let lesser = network && tail.is_none() && of == main && name != scheme.main;
        if lesser || guide.degradation != Degradation::None || guide.noise_shift != 0.0 {
            let expected = "one that is not merely worse than the main model";
            return Err(Error::invalid("A guide with an exact counterpart", expected, name));
        }
        let noise = tail.map_or(guide.noise, |degrees_of_freedom| Noise::StudentT { degrees_of_freedom });
        Ok(Guide { noise, ..guide.clone() }.named(exact_model(of)))
    });
    let guide = guide.transpose()?;
    Ok(Scheme { main: exact_model(main), guide, ..scheme.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::catalogue::named;

    #[test]
    fn networks_become_the_truth_of_their_class() {
        let names = |id: &str| {
            let scheme = exact(&named(id).unwrap()).unwrap();
            scheme.validate().unwrap();
            (scheme.main, scheme.guide.map(|g| (g.name(), g.sigma_scale, g.noise)))
        };
        let a = || ModelName::from("exact:A");
        assert_eq!(names("none"), (a(), None));
        assert_eq!(names("cfg-toy"), (a(), Some(("exact:AB".into(), 1.0, Noise::Gaussian))));
        assert_eq!(names("ht-1.20"), (a(), Some((a(), 1.2, Noise::Gaussian))));
        assert_eq!(names("independent-condition"), (a(), Some(("exact:B".into(), 1.0, Noise::Gaussian))));
        let student = Noise::StudentT { degrees_of_freedom: 4.0 };
        assert_eq!(names("heavy-tail-student"), (a(), Some((a(), 1.25, student))));
        assert_eq!(names("heavy-tail-network"), (a(), Some((a(), 1.25, student))));
    }

    #[test]
    fn what_is_worse_on_purpose_has_no_counterpart() {
        for id in ["autoguidance", "dropout", "in-situ", "weight-noise", "time-step"] {
            let message = exact(&named(id).unwrap()).unwrap_err().to_string();
            assert!(message.contains("merely worse"), "{id}: {message}");
        }
        let own = Scheme { main: "my-net.safetensors".into(), ..Scheme::default() };
        assert!(exact(&own).unwrap_err().to_string().contains("shipped"));
        assert!(exact(&Scheme { main: "tail-64-nu4:A".into(), ..Scheme::default() }).is_err());
    }
}
