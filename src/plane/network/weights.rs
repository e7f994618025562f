//! Weights as safetensors, under the names that PyTorch gives the public toy example's network: `layers.0.weight`,
//! `layers.2.weight`, ... and `gain`; and, for a network of heavy tails, its degrees of freedom as `nu`.

use super::{FEATURES, LAYERS, NETWORK_DEGREES, Network, has_variance};
use crate::error::{Error, Result};
use crate::json::decimal;
use crate::tensors::{Tensors, describe, write};

/// Widest network that is read.
const MOST: usize = 512;

/// Name of matrix `i`: the layers between are activations.
pub(crate) fn matrix_name(i: usize) -> String {
    format!("layers.{}.weight", 2 * i)
}

impl Network {
    /// Read a network of the paper's depth and of any width. Tensors of names that are not of layers are ignored.
    ///
    /// # Errors
    /// [`Error::Weights`], naming the tensor, what was expected and what was found: a file that is not safetensors
    /// or is cut off, a tensor missing, of another shape or type, or with a number that is not finite.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self> {
        let file = Tensors::read(bytes)?;
        let first = file.tensor(&matrix_name(0))?;
        let &[hidden, FEATURES] = &first.shape[..] else {
            return Err(Error::weights(matrix_name(0), "shape [hidden, 4]", describe(&first.shape)));
        };
        if !(1..=MOST).contains(&hidden) {
            return Err(Error::weights(matrix_name(0), format!("1 to {MOST} rows"), format!("{hidden}")));
        }
        let mut matrices = vec![file.numbers(&matrix_name(0), &[hidden, FEATURES])?];
        for i in 1..=LAYERS {
            matrices.push(file.numbers(&matrix_name(i), &[hidden, hidden])?);
        }
        let known: Vec<String> = (0..=LAYERS).map(matrix_name).collect();
        let mut names = file.tensors.iter().map(|tensor| &tensor.name);
        if let Some(other) = names.find(|name| name.starts_with("layers.") && !known.contains(name)) {
            return Err(Error::weights(other, format!("no layer beyond {}", known[LAYERS]), "one"));
        }
        let gain = number(&file, "gain")?;
        let nu = file.get("nu").map(|_| number(&file, "nu")).transpose()?;
        if let Some(nu) = nu.filter(|&nu| !has_variance(nu)) {
            return Err(Error::weights("nu", format!("degrees of freedom {NETWORK_DEGREES}"), decimal(nu)));
        }
        Ok(Self { hidden, matrices, gain, nu, noise_shift: 0.0, metadata: file.metadata })
    }

    /// The network as a safetensors file, without a shift of its noise input.
    pub fn to_safetensors(&self) -> Vec<u8> {
        let mut tensors: Vec<_> = self
            .matrices
            .iter()
            .enumerate()
            .map(|(i, m)| (matrix_name(i), vec![self.hidden, self.columns(i)], m.as_slice()))
            .collect();
        tensors.push(("gain".to_owned(), vec![], std::slice::from_ref(&self.gain)));
        if let Some(nu) = &self.nu {
            tensors.push(("nu".to_owned(), vec![], std::slice::from_ref(nu)));
        }
        write(&tensors, &self.metadata)
    }
}

/// A scalar, which PyTorch may save as a list of one.
fn number(file: &Tensors<'_>, name: &str) -> Result<f32> {
    let shape = if file.tensor(name)?.shape == [1] { &[1][..] } else { &[] };
    Ok(file.numbers(name, shape)?[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::training::initial;

    fn parts(net: &Network) -> Vec<(String, Vec<usize>, &[f32])> {
        let h = net.hidden;
        let mut parts: Vec<_> = net
            .matrices
            .iter()
            .enumerate()
            .map(|(i, m)| (matrix_name(i), vec![h, if i == 0 { 4 } else { h }], m.as_slice()))
            .collect();
        parts.push(("gain".into(), vec![], std::slice::from_ref(&net.gain)));
        parts
    }

    fn message(bytes: &[u8]) -> String {
        Network::from_safetensors(bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_saved_network_is_read_back() {
        let mut net = initial(12, 4, 3);
        assert_eq!(Network::from_safetensors(&net.to_safetensors()).unwrap(), net);
        net.nu = Some(4.0);
        assert_eq!(Network::from_safetensors(&net.to_safetensors()).unwrap(), net);
    }

    #[test]
    fn degrees_of_freedom_without_a_variance_are_refused() {
        let mut net = initial(8, 4, 3);
        for (nu, found) in [(2.0, "2"), (-4.0, "-4"), (2e6, "2000000")] {
            net.nu = Some(nu);
            let sentence = "nu in the weights file: expected degrees of freedom above 2 and at most 1000000, found";
            assert_eq!(message(&net.to_safetensors()), format!("{sentence} {found}."));
        }
        net.nu = Some(f32::NAN);
        assert!(message(&net.to_safetensors()).starts_with("nu in the weights file: expected finite numbers"));
        let two = [4.0, 4.0];
        let mut wrong = parts(&net);
        wrong.push(("nu".into(), vec![2], &two));
        assert!(message(&write(&wrong, &[])).contains("nu in the weights file: expected shape []"));
    }

    #[test]
    fn every_fault_names_its_tensor() {
        let net = initial(8, 4, 3);
        let without = |name: &str| write(&parts(&net).into_iter().filter(|p| p.0 != name).collect::<Vec<_>>(), &[]);
        for (name, _, _) in parts(&net) {
            let name = &name;
            assert_eq!(message(&without(name)), format!("{name} in the weights file: expected a tensor, found none."));
        }
        let mut deeper = parts(&net);
        deeper.push((matrix_name(5), vec![8, 8], &net.matrices[4]));
        assert!(message(&write(&deeper, &[])).starts_with("layers.10.weight"));
        let mut wrong = parts(&net);
        wrong[2].1 = vec![4, 16];
        assert_eq!(
            message(&write(&wrong, &[])),
            "layers.4.weight in the weights file: expected shape [8, 8], found shape [4, 16]."
        );
        let mut nan = net.clone();
        nan.matrices[3][5] = f32::NAN;
        assert!(
            message(&nan.to_safetensors()).contains("layers.6.weight")
                && message(&nan.to_safetensors()).contains("NaN at entry 5")
        );
        nan.matrices[3][5] = 0.0;
        nan.gain = f32::INFINITY;
        assert!(message(&nan.to_safetensors()).contains("gain"));
    }

    #[test]
    fn cut_off_and_hostile_files_are_refused() {
        let good = initial(8, 4, 3).to_safetensors();
        for length in [0, 7, 8, 100, good.len() - 1] {
            assert!(message(&good[..length]).contains("complete safetensors file"), "{length}");
        }
        // A header of 10 GB: refused from its length alone.
        let mut huge = 10_000_000_000u64.to_le_bytes().to_vec();
        huge.extend_from_slice(&good[8..]);
        assert!(message(&huge).contains("header") || message(&huge).contains("Header"));
        let mut garbage = good.clone();
        garbage[8..40].fill(b'x');
        assert!(message(&garbage).contains("safetensors"));
    }
}
