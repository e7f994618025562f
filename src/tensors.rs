//! Safetensors files, read and written: eight bytes with the length of a header, the header in JSON, and numbers.
//!
//! As strict as the crate of that name, which it is held to by a test; that crate's own parser would be a tenth of the wasm.

use crate::error::{Error, Result};
use crate::json::{Fault, FromJson, Value, decimal, quoted};

/// Longest header that is read.
const MOST_HEADER: u64 = 100_000_000;

/// Most tensors that are read: they are put in order by trying all.
const MOST_TENSORS: usize = 1024;

/// Types of numbers, and their size in bits.
const TYPES: [(&str, u64); 22] = [
    ("BOOL", 8),
    ("F4", 4),
    ("F6_E2M3", 6),
    ("F6_E3M2", 6),
    ("U8", 8),
    ("I8", 8),
    ("F8_E5M2", 8),
    ("F8_E4M3", 8),
    ("F8_E8M0", 8),
    ("F8_E4M3FNUZ", 8),
    ("F8_E5M2FNUZ", 8),
    ("I16", 16),
    ("U16", 16),
    ("F16", 16),
    ("BF16", 16),
    ("I32", 32),
    ("U32", 32),
    ("F32", 32),
    ("C64", 64),
    ("F64", 64),
    ("I64", 64),
    ("U64", 64),
];

/// A tensor in a file.
pub(crate) struct Tensor<'a> {
    pub name: String,
    /// Type of its numbers, such as `F32`.
    pub kind: &'static str,
    pub shape: Vec<usize>,
    /// Little-endian, the last index fastest.
    pub data: &'a [u8],
}

/// What a file holds.
pub(crate) struct Tensors<'a> {
    pub tensors: Vec<Tensor<'a>>,
    /// Texts by name.
    pub metadata: Vec<(String, String)>,
}

impl<'a> Tensors<'a> {
    /// Read the header.
    ///
    /// # Errors
    /// [`Error::Weights`] if the file is not safetensors or not complete.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        parse(bytes).map_err(|fault| {
            let found = format!("{} bytes that are not ({})", bytes.len(), fault.clause());
            Error::weights("The header", "a complete safetensors file", found)
        })
    }

    /// The tensor called `name`.
    pub fn get(&self, name: &str) -> Option<&Tensor<'a>> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// The tensor called `name`, which has to be there.
    pub fn tensor(&self, name: &str) -> Result<&Tensor<'a>> {
        self.get(name).ok_or_else(|| Error::weights(name, "a tensor", "none"))
    }

    /// A tensor of this shape as f32.
    ///
    /// # Errors
    /// [`Error::Weights`] if it is not there, of another shape or type, or has a number that is not finite.
    pub fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let tensor = self.tensor(name)?;
        if tensor.shape != shape {
            return Err(Error::weights(name, describe(shape), describe(&tensor.shape)));
        }
        let numbers: Vec<f32> = match tensor.kind {
            "F16" => tensor.data.as_chunks().0.iter().map(|&b| half(u16::from_le_bytes(b))).collect(),
            "F32" => tensor.data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
            "F64" => tensor.data.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b) as f32).collect(),
            other => return Err(Error::weights(name, "type F16, F32 or F64", other)),
        };
        match numbers.iter().position(|x| !x.is_finite()) {
            Some(i) => Err(Error::weights(name, "finite numbers", format!("{} at entry {i}", decimal(numbers[i])))),
            None => Ok(numbers),
        }
    }
}

/// A number of 16 bits: a sign, five of exponent, ten of fraction.
fn half(bits: u16) -> f32 {
    let (sign, rest) = (u32::from(bits >> 15) << 31, u32::from(bits & 0x7fff));
    // The exponent's bias is 15 there and 127 here; that product is exact also for numbers that are not normal.
    let size = if rest < 0x7c00 { f32::from_bits(rest << 13) * f32::from_bits(0x7780_0000) } else { f32::INFINITY };
    f32::from_bits(sign | size.to_bits())
}

/// A shape in words, without what `{:?}` brings along.
pub(crate) fn describe(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("shape [{}]", sizes.join(", "))
}

/// A file of f32 tensors: names, shapes, numbers; and of texts, in their order. Tensors stand in the order of their names.
pub(crate) fn write(tensors: &[(String, Vec<usize>, &[f32])], metadata: &[(String, String)]) -> Vec<u8> {
    let mut tensors: Vec<_> = tensors.iter().collect();
    tensors.sort_by(|a, b| a.0.cmp(&b.0));
    let mut entries = Vec::new();
    if !metadata.is_empty() {
        let texts: Vec<_> = metadata.iter().map(|(name, text)| [quoted(name), quoted(text)].join(":")).collect();
        entries.push(format!("\"__metadata__\":{{{}}}", texts.join(",")));
    }
    let mut end = 0;
    for (name, shape, numbers) in &tensors {
        debug_assert_eq!(shape.iter().product::<usize>(), numbers.len());
        let begin = end;
        end += size_of_val(*numbers);
        let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
        let (name, shape) = (quoted(name), shape.join(","));
        entries.push(format!("{name}:{{\"dtype\":\"F32\",\"shape\":[{shape}],\"data_offsets\":[{begin},{end}]}}"));
    }
    let mut header = format!("{{{}}}", entries.join(","));
    while header.len() % 8 != 0 {
        header.push(' ');
    }
    let mut file = Vec::with_capacity(8 + header.len() + end);
    file.extend_from_slice(&(header.len() as u64).to_le_bytes());
    file.extend_from_slice(header.as_bytes());
    file.extend(tensors.iter().flat_map(|(_, _, numbers)| *numbers).flat_map(|x| x.to_le_bytes()));
    file
}

/// What the header says of a tensor.
struct Entry {
    name: String,
    kind: &'static str,
    bits: u64,
    shape: Vec<usize>,
    /// Of its first byte, and of the first after it.
    offsets: [u64; 2],
}

fn parse(bytes: &[u8]) -> std::result::Result<Tensors<'_>, Fault> {
    let Some((length, rest)) = bytes.split_first_chunk() else { return Err(Fault::new("it has no header")) };
    let length = u64::from_le_bytes(*length);
    if length > MOST_HEADER || length > rest.len() as u64 {
        return Err(Fault::new("its header is longer than the file or than 100 MB"));
    }
    let (header, data) = rest.split_at(length as usize);
    let header = std::str::from_utf8(header).map_err(|_| Fault::new("its header is not text"))?;
    let (mut entries, metadata) = entries(&Value::parse(header)?)?;
    let mut tensors = Vec::with_capacity(entries.len());
    let mut begin = 0;
    // Each begins where the one before ends; what is empty comes first.
    while let Some(next) = (0..entries.len()).min_by_key(|&i| entries[i].offsets) {
        let Entry { name, kind, bits, shape, offsets: [from, to] } = entries.swap_remove(next);
        let numbers = shape.iter().try_fold(1u64, |product, &n| product.checked_mul(n as u64));
        let size = numbers.and_then(|n| n.checked_mul(bits)).filter(|size| size % 8 == 0);
        if from != begin || size != to.checked_sub(from).and_then(|bytes| bytes.checked_mul(8)) {
            return Err(Fault::new(["the offsets of ", &name, " are not those of its shape"].concat()));
        }
        if to > data.len() as u64 {
            return Err(wrong_length());
        }
        let data = &data[from as usize..to as usize];
        begin = to;
        tensors.push(Tensor { name, kind, shape, data });
    }
    if begin == data.len() as u64 { Ok(Tensors { tensors, metadata }) } else { Err(wrong_length()) }
}

fn wrong_length() -> Fault {
    Fault::new("its numbers are more or fewer than its header says")
}

/// The tensors of a header, and its texts.
type Header = (Vec<Entry>, Vec<(String, String)>);

fn entries(header: &Value) -> std::result::Result<Header, Fault> {
    let Value::Object(header) = header else { return Err(Fault::new("its header is not an object")) };
    if header.len() > MOST_TENSORS {
        return Err(Fault::new(format!("it has more than {MOST_TENSORS} tensors")));
    }
    let (mut entries, mut metadata) = (Vec::new(), Vec::new());
    for (name, entry) in header {
        if name != "__metadata__" {
            entries.push(tensor(name, entry)?);
        } else if let Value::Object(texts) = entry {
            for (key, text) in texts {
                metadata.push((key.clone(), String::from_json(text)?));
            }
        } else if *entry != Value::Null {
            return Err(Fault::new("its metadata is not an object"));
        }
    }
    Ok((entries, metadata))
}

fn tensor(name: &str, entry: &Value) -> std::result::Result<Entry, Fault> {
    let fault = |what: &str| Fault::new([name, what].concat());
    let Value::Object(entry) = entry else { return Err(fault(" is not an object")) };
    let get = |key: &str| entry.iter().find(|(name, _)| name == key).map_or(&Value::Null, |(_, value)| value);
    let Value::Text(kind) = get("dtype") else { return Err(fault(" has no dtype")) };
    let Some(&(kind, bits)) = TYPES.iter().find(|(name, _)| name == kind) else {
        return Err(fault(" has an unknown dtype"));
    };
    Ok(Entry {
        name: name.to_owned(),
        kind,
        bits,
        shape: Vec::from_json(get("shape")).map_err(|_| fault(" has no shape"))?,
        offsets: FromJson::from_json(get("data_offsets")).map_err(|_| fault(" has no offsets"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, words};
    use safetensors::SafeTensors;

    /// Both accept, with the same tensors, or both refuse; which.
    fn agree(bytes: &[u8]) -> bool {
        let text = || String::from_utf8_lossy(bytes).into_owned();
        match (parse(bytes), SafeTensors::read_metadata(bytes)) {
            (Ok(ours), Ok((_, header))) => {
                let theirs = SafeTensors::deserialize(bytes).unwrap();
                assert_eq!(ours.tensors.len(), theirs.len());
                for Tensor { name, kind, shape, data } in &ours.tensors {
                    let view = theirs.tensor(name).unwrap();
                    let expected = (view.dtype().to_string(), view.shape(), view.data());
                    assert_eq!((kind.to_string(), &shape[..], *data), expected, "{name} of {}", text());
                }
                let theirs = header.metadata().clone().unwrap_or_default();
                assert_eq!(ours.metadata.iter().cloned().collect::<std::collections::HashMap<_, _>>(), theirs);
                true
            }
            (Err(_), Err(_)) => false,
            (ours, theirs) => panic!("{}: {:?}, the crate {:?}", text(), ours.map(|_| "read"), theirs.map(|_| "read")),
        }
    }

    fn file(header: &str, data: usize) -> Vec<u8> {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend((0..data).map(|i| i as u8));
        bytes
    }

    #[test]
    fn headers_are_accepted_and_refused_as_by_the_crate() {
        let tensor = |dtype: &str, shape: &str, offsets: &str| {
            format!(r#""{dtype}{shape}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}"#)
        };
        let two = |a: &str, b: &str| format!("{{{},{}}}", tensor("F32", "[2]", a), tensor("I8", "[3]", b));
        let one = |dtype: &str, shape: &str, offsets: &str| format!("{{{}}}", tensor(dtype, shape, offsets));
        for (good, header, data) in [
            (true, "{}".to_owned(), 0),
            (false, "{}".to_owned(), 1),
            (false, "[]".to_owned(), 0),
            (false, "null".to_owned(), 0),
            (false, String::new(), 0),
            (false, "{".to_owned(), 0),
            (true, "{}   ".to_owned(), 0),
            (false, "{} x".to_owned(), 0),
            (false, r#"{"a":1}"#.to_owned(), 0),
            (false, r#"{"a":null}"#.to_owned(), 0),
            (true, r#"{"__metadata__":null}"#.to_owned(), 0),
            (true, r#"{"__metadata__":{"a":"b","":"\u00e9"}}"#.to_owned(), 0),
            (false, r#"{"__metadata__":{"a":1}}"#.to_owned(), 0),
            (false, r#"{"__metadata__":3}"#.to_owned(), 0),
            (true, two("[0,8]", "[8,11]"), 11),
            (true, two("[3,11]", "[0,3]"), 11),
            (false, two("[0,8]", "[7,10]"), 10),
            (false, two("[0,8]", "[9,12]"), 12),
            (false, two("[0,8]", "[8,12]"), 12),
            (false, two("[0,8]", "[8,11]"), 10),
            (false, two("[0,8]", "[8,11]"), 12),
            (false, two("[8,0]", "[8,11]"), 11),
            (false, two("[0,8]", "[0,3]"), 11),
            (false, two("[0,8,8]", "[8,11]"), 11),
            (false, two("[0]", "[8,11]"), 11),
            (false, two("[-8,0]", "[0,3]"), 3),
            (true, one("F64", "[]", "[0,8]"), 8),
            (true, one("F64", "[0,5]", "[0,0]"), 0),
            (false, one("F64", "[1.5]", "[0,12]"), 12),
            (false, one("F64", "\"2\"", "[0,16]"), 16),
            (false, one("F8", "[2]", "[0,2]"), 2),
            (false, one("f32", "[2]", "[0,8]"), 8),
            (true, one("F4", "[2]", "[0,1]"), 1),
            (false, one("F4", "[3]", "[0,1]"), 1),
            (false, one("F64", "[4294967296,4294967296]", "[0,0]"), 0),
            (false, one("F64", "[4294967296,536870912]", "[0,0]"), 0),
            (false, one("I8", "[4503599627370496]", "[0,4503599627370496]"), 0),
            (true, one("U8", "[1],\"more\":{\"a\":[]}", "[0,1]").replace("U8[1],\"more\":{\"a\":[]}\":", "u\":"), 1),
            (false, one("U8", "[1]", "[0,1]").replace("\"shape\"", "\"shapes\""), 1),
            (true, format!("{{{0},{0}}}", tensor("U8", "[1]", "[0,1]")), 1),
        ] {
            assert_eq!(agree(&file(&header, data)), good, "{header}");
        }
        // Every type, and what is empty before and after the rest.
        for (kind, bits) in TYPES {
            let end = bits;
            assert!(agree(&file(&one(kind, "[2,4]", &format!("[0,{end}]")), end as usize)), "{kind}");
        }
        let empty =
            |name: &str, at: u32| format!(r#""{name}":{{"dtype":"U8","shape":[0],"data_offsets":[{at},{at}]}}"#);
        let header = format!("{{{},{},{}}}", empty("z", 1), tensor("U8", "[1]", "[0,1]"), empty("a", 0));
        assert!(agree(&file(&header, 1)));
        let many = |n: u32| format!("{{{}}}", (0..n).map(|i| empty(&i.to_string(), 0)).collect::<Vec<_>>().join(","));
        assert!(agree(&file(&many(1024), 0)));
        assert!(parse(&file(&many(1025), 0)).is_err());
        for length in [u64::MAX, u64::MAX - 7, 100_000_001, 1 << 32, 3] {
            let mut bytes = file("{}", 0);
            bytes[..8].copy_from_slice(&length.to_le_bytes());
            assert!(!agree(&bytes));
        }
    }

    #[test]
    fn what_is_written_is_what_the_crate_writes() {
        use safetensors::{Dtype, tensor::TensorView};
        let numbers: Vec<f32> = (0..24).map(|i| i as f32 * 0.37 - 3.0).collect();
        let parts =
            [("b", vec![2, 3]), ("a \"é\\\u{1}\n", vec![4]), ("", vec![]), ("empty", vec![0, 5]), ("c.10", vec![13])];
        let mut rest = &numbers[..];
        let tensors: Vec<_> = parts
            .into_iter()
            .map(|(name, shape)| {
                let (these, others) = rest.split_at(shape.iter().product());
                rest = others;
                (name.to_owned(), shape, these)
            })
            .collect();
        let bytes = |numbers: &[f32]| numbers.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
        let all: Vec<Vec<u8>> = tensors.iter().map(|(_, _, numbers)| bytes(numbers)).collect();
        for metadata in [vec![], vec![("what \"is\" it".to_owned(), "line\none\ttwo \\ \u{7f}ü".to_owned())]] {
            let ours = write(&tensors, &metadata);
            assert!(agree(&ours));
            assert_eq!(parse(&ours).unwrap().metadata, metadata);
            let views = tensors
                .iter()
                .zip(&all)
                .map(|((name, shape, _), bytes)| (name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
            let theirs = safetensors::serialize(views, Some(metadata.iter().cloned().collect())).unwrap();
            let (ours, theirs) = (SafeTensors::deserialize(&ours).unwrap(), SafeTensors::deserialize(&theirs).unwrap());
            for (name, view) in theirs.tensors() {
                assert_eq!(ours.tensor(&name).unwrap(), view, "{name}");
            }
        }
    }

    #[test]
    fn spoiled_files_are_refused_as_by_the_crate() {
        let good = crate::plane::training::initial(8, 4, 3).to_safetensors();
        assert!(agree(&good));
        for length in 0..good.len() {
            assert!(!agree(&good[..length]), "{length}");
        }
        let header = 8 + u64::from_le_bytes(*good.first_chunk().unwrap()) as usize;
        // No minus: as for JavaScript, -0 is 0 here.
        let letters = br#"0123456789,:[]{}"." eEFI_xad"#;
        let mut accepted = 0;
        for case in 0..20_000 {
            let mut bytes = good.clone();
            let [how, place, letter, _] = words(1, Stream::Start, case, 0);
            let at = 8 + place as usize % (header - 8);
            let letter = letters[letter as usize % letters.len()];
            match how % 4 {
                0 => bytes[at] = letter,
                1 => bytes[place as usize % 8] = letter,
                // The header grows or shrinks, and its length says so.
                2 => {
                    bytes.insert(at, letter);
                    bytes[..8].copy_from_slice(&(header as u64 - 7).to_le_bytes());
                }
                _ => {
                    bytes.remove(at);
                    bytes[..8].copy_from_slice(&(header as u64 - 9).to_le_bytes());
                }
            }
            accepted += u32::from(agree(&bytes));
        }
        assert!((500..19_500).contains(&accepted), "{accepted}");
    }
}
