//! Schemes with networks of other data: in place of the shipped ones, those that one has.

use super::exact::class;
use crate::error::{Error, Result};
use crate::guidance::{ModelName, Scheme};
use crate::plane::catalogue::network_of;
use crate::plane::distribution::Classes;

/// Networks that have learned class A of some data.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The main model.
    pub main: ModelName,
    /// One that is merely worse, if there is one.
    pub guide: Option<ModelName>,
}

impl Given {
    /// The scheme with these in place of the networks that ship. Exact models stay: they are of whatever data there are.
    ///
    /// # Errors
    /// [`Error::Invalid`] where none of these has its place: of a network of both classes, of class B or of heavy-tailed noise; of one
    /// that is worse on purpose, where that was not given.
    pub fn instead(&self, scheme: &Scheme) -> Result<Scheme> {
        let main = self.of(&scheme.main, &scheme.main)?;
        let guide = scheme.guide.as_ref().map(|guide| Ok(guide.clone().named(self.of(&guide.name(), &scheme.main)?)));
        Ok(Scheme { main, guide: guide.transpose()?, ..scheme.clone() })
    }

    /// What stands for a model of a scheme that has this main model.
    fn of(&self, name: &ModelName, main: &ModelName) -> Result<ModelName> {
        match class(name) {
            Some(_) if network_of(name).is_none() => Ok(name.clone()),
            Some((Classes::A, None)) if name == main => Ok(self.main.clone()),
            Some((Classes::A, None)) => self.guide.clone().ok_or_else(|| {
                Error::invalid("A network in place of a lesser one", "given", "not: only a main model is")
            }),
            _ => Err(Error::invalid(
                "A network that others can take the place of",
                "one of class A and of Gaussian noise",
                name,
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::catalogue::named;

    #[test]
    fn networks_take_the_place_of_those_that_ship() {
        let given = Given { main: "my-main".into(), guide: Some("my-guide".into()) };
        let names = |id: &str| {
            let scheme = given.instead(&named(id).unwrap())?;
            Ok::<_, Error>((scheme.main, scheme.guide.map(|guide| (guide.name(), guide.sigma_scale))))
        };
        let main = || ModelName::from("my-main");
        assert_eq!(names("none"), Ok((main(), None)));
        assert_eq!(names("ht-1.20"), Ok((main(), Some((main(), 1.2)))));
        assert_eq!(names("autoguidance"), Ok((main(), Some(("my-guide".into(), 1.0)))));
        assert_eq!(names("heavy-tail-student"), Ok((main(), Some(("exact:A".into(), 1.25)))));
        for id in ["cfg-toy", "independent-condition", "heavy-tail-network"] {
            let message = names(id).unwrap_err().to_string();
            assert!(message.contains("class A and of Gaussian noise"), "{id}: {message}");
        }
        let alone = Given { guide: None, ..given.clone() };
        assert!(alone.instead(&named("ht-1.20").unwrap()).is_ok());
        let message = alone.instead(&named("autoguidance").unwrap()).unwrap_err().to_string();
        assert!(message.contains("only a main model"), "{message}");
    }
}
