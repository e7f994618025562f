//! JSON values, and plain data read from them.
//!
//! The browser can parse by itself, so types that cross into wasm say their fields once more in
//! [`from_json!`](crate::from_json): the compiler holds these to the definitions, and tests/native/json.rs holds what is read, and
//! what is refused, to serde. A module that does nothing but read a run's configuration is larger by 13 kB (gzipped) so, by 32 kB
//! with serde and serde-wasm-bindgen 0.6, by 35 kB with serde_json 1.0 and by 202 kB with facet-json 0.46. miniserde 0.1 has no
//! enums with fields, and nanoserde 0.2 skips unknown fields.
//!
//! Digits of f64 are another 6 kB of the build (gzipped), and what `{:?}` needs 5 kB. So messages call [`decimal`], and nothing
//! in wasm prints an f64 by `{}`, or anything by `{:?}`; nor does it `expect` a result with this crate's error.

mod value;

pub use value::Value;

/// What is wrong with a value, and where: `scheme.guide.model: expected text`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault(Box<Parts>);

#[derive(Clone, Debug, PartialEq)]
struct Parts {
    /// Names of fields from the outside in, between dots; nothing for the whole.
    path: String,
    /// In words.
    problem: String,
}

impl Fault {
    /// Of the whole.
    #[cold]
    #[inline(never)]
    fn of(problem: String) -> Self {
        Self(Box::new(Parts { path: String::new(), problem }))
    }

    /// Of the whole.
    #[cold]
    pub fn new(problem: impl Into<String>) -> Self {
        Self::of(problem.into())
    }

    /// This fault as seen from one step further outside.
    #[cold]
    fn within(mut self, step: &str) -> Self {
        let dot = if self.0.path.is_empty() { "" } else { "." };
        self.0.path = [step, dot, &self.0.path].concat();
        self
    }

    /// As a clause.
    pub fn clause(&self) -> String {
        let colon = if self.0.path.is_empty() { "" } else { ": " };
        [&self.0.path, colon, &self.0.problem].concat()
    }
}

/// Data that can be read from JSON as serde reads it from text, but for lists, which do not stand for objects here.
pub trait FromJson: Sized {
    /// Read it.
    ///
    /// # Errors
    /// If a field is unknown, missing or of another type or range, naming it.
    fn from_json(value: &Value) -> Result<Self, Fault>;

    /// What a field that is left out has, if it may be.
    fn missing() -> Option<Self> {
        None
    }
}

/// The name that JSON has for a field or variant: `half_width` is `halfWidth`, and `StudentT` is `studentT`.
pub fn camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut raise = false;
    for (i, c) in name.bytes().enumerate() {
        match c {
            b'_' => {}
            _ if i == 0 => camel.push(c.to_ascii_lowercase().into()),
            _ if raise => camel.push(c.to_ascii_uppercase().into()),
            _ => camel.push(c.into()),
        }
        raise = c == b'_';
    }
    camel
}

/// Where `key` stands among `names`; if nowhere, a fault that lists them.
#[inline(never)]
fn position(key: &str, names: &[&str], what: &str) -> Result<usize, Fault> {
    if let Some(found) = names.iter().position(|name| camel_case(name) == key) {
        return Ok(found);
    }
    let mut problem = ["unknown ", what, " `", key, "`, expected one of"].concat();
    for (i, name) in names.iter().enumerate() {
        problem.push_str(if i == 0 { " `" } else { ", `" });
        problem.push_str(&camel_case(name));
        problem.push('`');
    }
    Err(Fault::new(problem))
}

/// The fields of an object, known to be no others than those that were asked for.
pub struct Fields<'a> {
    fields: &'a [(String, Value)],
    /// The variant that they are of, if any, as Rust names it.
    variant: &'a str,
}

impl<'a> Fields<'a> {
    /// Those of `value`, which has to be an object.
    ///
    /// # Errors
    /// If it is not, or has a field beside `names`.
    #[inline(never)]
    pub fn of(value: &'a Value, names: &[&str]) -> Result<Self, Fault> {
        let Value::Object(fields) = value else { return Err(expected("an object", value)) };
        fields.iter().try_for_each(|(key, _)| position(key, names, "field").map(|_| ()))?;
        Ok(Self { fields, variant: "" })
    }

    /// The field called `name` in Rust.
    #[inline(never)]
    fn find(&self, name: &str) -> Option<&'a Value> {
        let key = camel_case(name);
        self.fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    #[cold]
    #[inline(never)]
    fn locate(&self, fault: Fault) -> Fault {
        if self.variant.is_empty() { fault } else { fault.within(&camel_case(self.variant)) }
    }

    /// A fault of the field called `name` in Rust.
    #[cold]
    #[inline(never)]
    fn of_field(&self, name: &str, fault: Fault) -> Fault {
        self.locate(fault.within(&camel_case(name)))
    }

    #[cold]
    #[inline(never)]
    fn lacks(&self, name: &str) -> Fault {
        self.locate(Fault::new(["missing field `", &camel_case(name), "`"].concat()))
    }

    /// The field called `name` in Rust.
    ///
    /// # Errors
    /// If it is not what it has to be.
    #[inline(never)]
    pub fn get<T: FromJson>(&self, name: &str) -> Result<T, Fault> {
        match self.find(name) {
            Some(value) => T::from_json(value).map_err(|fault| self.of_field(name, fault)),
            None => T::missing().ok_or_else(|| self.lacks(name)),
        }
    }

    /// The field called `name` in Rust into `to`, which stays as it is where that is left out.
    ///
    /// # Errors
    /// If it is not what it has to be.
    #[inline(never)]
    pub fn read<T: FromJson>(&self, name: &str, to: &mut T) -> Result<(), Fault> {
        if let Some(value) = self.find(name) {
            *to = T::from_json(value).map_err(|fault| self.of_field(name, fault))?;
        }
        Ok(())
    }
}

/// For serde: an integer that may be written with a fraction of zero, as 32.0. JSON makes no difference, and so does no
/// [`FromJson`].
///
/// # Errors
/// If it is another number, beyond the range of `T`, or none.
pub fn whole<'de, D: serde::Deserializer<'de>, T: TryFrom<u64>>(deserializer: D) -> Result<T, D::Error> {
    struct Whole<T>(std::marker::PhantomData<T>);

    impl<T: TryFrom<u64>> serde::de::Visitor<'_> for Whole<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let most = MOST.min(u64::MAX >> (64 - 8 * size_of::<T>()));
            write!(f, "an integer from 0 to {most}")
        }

        fn visit_u64<E: serde::de::Error>(self, x: u64) -> Result<T, E> {
            let number = T::try_from(x).ok().filter(|_| x <= MOST);
            number.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Unsigned(x), &self))
        }

        fn visit_f64<E: serde::de::Error>(self, x: f64) -> Result<T, E> {
            match integer(&Value::Number(x), MOST) {
                Ok(x) => self.visit_u64(x),
                Err(_) => Err(E::invalid_value(serde::de::Unexpected::Float(x), &self)),
            }
        }
    }

    deserializer.deserialize_any(Whole(std::marker::PhantomData))
}

/// Which of `variants` an enum is, and what stands in it: `"a"` or `{"a": ...}`.
///
/// # Errors
/// If it is none of them.
#[inline(never)]
pub fn variant<'a>(value: &'a Value, variants: &[&str]) -> Result<(usize, &'a Value), Fault> {
    match value {
        Value::Text(name) => Ok((position(name, variants, "variant")?, &Value::Null)),
        Value::Object(fields) if fields.len() == 1 => Ok((position(&fields[0].0, variants, "variant")?, &fields[0].1)),
        _ => Err(expected("the name of a variant, or an object with it alone", value)),
    }
}

/// The fields in a variant, which has none if `names` are none.
///
/// # Errors
/// If fields are asked for and it is no object, or it has a field beside `names`.
#[inline(never)]
pub fn content<'a>(value: &'a Value, variant: &'a str, names: &[&str]) -> Result<Fields<'a>, Fault> {
    let mut fields = Fields { fields: &[], variant };
    if !names.is_empty() {
        fields.fields = Fields::of(value, names).map_err(|fault| fields.locate(fault))?.fields;
    } else if *value != Value::Null {
        return Err(fields.locate(expected("nothing in it", value)));
    }
    Ok(fields)
}

#[cold]
#[inline(never)]
fn expected(what: &str, found: &Value) -> Fault {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::Text(_) => "text",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    };
    Fault::new(["expected ", what, ", found ", found].concat())
}

/// The greatest integer below which doubles hold every one.
const MOST: u64 = (1 << 53) - 1;

const NOT_FINITE: &str = "expected a finite number, of those that a computer has";

/// An integer from 0 to `most`.
#[inline(never)]
fn integer(value: &Value, most: u64) -> Result<u64, Fault> {
    match *value {
        Value::Number(x) if x >= 0.0 && x <= most as f64 && x as u64 as f64 == x => Ok(x as u64),
        Value::Number(_) => Err(Fault::new(format!("expected an integer from 0 to {most}"))),
        _ => Err(expected("an integer", value)),
    }
}

impl FromJson for f64 {
    #[inline(never)]
    fn from_json(value: &Value) -> Result<Self, Fault> {
        match *value {
            Value::Number(x) if x.is_finite() => Ok(x),
            Value::Number(_) => Err(Fault::new(NOT_FINITE)),
            _ => Err(expected("a number", value)),
        }
    }
}

impl FromJson for f32 {
    fn from_json(value: &Value) -> Result<Self, Fault> {
        let number = f64::from_json(value)? as Self;
        if number.is_finite() { Ok(number) } else { Err(Fault::new(NOT_FINITE)) }
    }
}

impl FromJson for u32 {
    fn from_json(value: &Value) -> Result<Self, Fault> {
        Ok(integer(value, Self::MAX.into())? as Self)
    }
}

impl FromJson for u64 {
    fn from_json(value: &Value) -> Result<Self, Fault> {
        integer(value, MOST)
    }
}

impl FromJson for usize {
    fn from_json(value: &Value) -> Result<Self, Fault> {
        Ok(integer(value, MOST.min(Self::MAX as u64))? as Self)
    }
}

impl FromJson for String {
    #[inline(never)]
    fn from_json(value: &Value) -> Result<Self, Fault> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(expected("text", value)),
        }
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Value) -> Result<Self, Fault> {
        if *value == Value::Null { Ok(None) } else { T::from_json(value).map(Some) }
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Result<Self, Fault> {
        list(value)?.iter().enumerate().map(item).collect()
    }
}

impl<T: FromJson + Copy + Default, const N: usize> FromJson for [T; N] {
    fn from_json(value: &Value) -> Result<Self, Fault> {
        let list = list(value)?;
        if list.len() != N {
            return Err(Fault::new(format!("expected a list of {N}")));
        }
        let mut array = [T::default(); N];
        for (to, from) in array.iter_mut().zip(list.iter().enumerate()) {
            *to = item(from)?;
        }
        Ok(array)
    }
}

/// One of a list, whose faults name it by its index.
fn item<T: FromJson>((index, value): (usize, &Value)) -> Result<T, Fault> {
    T::from_json(value).map_err(|fault| fault.within(&index.to_string()))
}

fn list(value: &Value) -> Result<&[Value], Fault> {
    match value {
        Value::List(list) => Ok(list),
        _ => Err(expected("a list", value)),
    }
}

/// Reads a struct or an enum: `struct T { a, b }`, where all fields are needed; `struct T or default { a, b }`, where
/// fields that are left out are those of `T::default()`; `enum T { A, B { a, b } }`. Unknown fields are refused.
#[macro_export]
macro_rules! from_json {
    (struct $type:ident { $($field:ident),* $(,)? }) => {
        impl $crate::json::FromJson for $type {
            fn from_json(value: &$crate::json::Value) -> ::std::result::Result<Self, $crate::json::Fault> {
                let fields = $crate::json::Fields::of(value, &[$(stringify!($field)),*])?;
                Ok(Self { $($field: fields.get(stringify!($field))?),* })
            }
        }
    };
    (struct $type:ident or default { $($field:ident),* $(,)? }) => {
        impl $crate::json::FromJson for $type {
            fn from_json(value: &$crate::json::Value) -> ::std::result::Result<Self, $crate::json::Fault> {
                let fields = $crate::json::Fields::of(value, &[$(stringify!($field)),*])?;
                let mut whole = Self::default();
                $(fields.read(stringify!($field), &mut whole.$field)?;)*
                Ok(whole)
            }
        }
    };
    (enum $type:ident { $($(#[$when:meta])* $variant:ident $({ $($field:ident),* })?),* $(,)? }) => {
        impl $type {
            /// The name of its variant. (That every variant is there is what lets it compile.)
            #[allow(dead_code, reason = "messages name some")]
            pub(crate) fn variant(&self) -> &'static str {
                match self {
                    $($(#[$when])* Self::$variant { .. } => stringify!($variant)),*
                }
            }
        }
        impl $crate::json::FromJson for $type {
            fn from_json(value: &$crate::json::Value) -> ::std::result::Result<Self, $crate::json::Fault> {
                enum Index { $($(#[$when])* $variant),* }
                let (index, value) = $crate::json::variant(value, &[$($(#[$when])* stringify!($variant)),*])?;
                $(
                    $(#[$when])*
                    if index == Index::$variant as usize {
                        let _fields = $crate::json::content(
                            value,
                            stringify!($variant),
                            &[$($(stringify!($field)),*)?],
                        )?;
                        return Ok(Self::$variant $({ $($field: _fields.get(stringify!($field))?),* })?);
                    }
                )*
                unreachable!()
            }
        }
    };
}

/// A text as JSON has it.
pub fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\x1f' => {
                json.push_str("\\u00");
                json.extend([c as u32 >> 4, c as u32 & 15].map(|digit| char::from_digit(digit, 16).unwrap_or('0')));
            }
            _ => json.push(c),
        }
    }
    json.push('"');
    json
}

/// A number in decimal digits; in wasm the browser's, since Rust's are 15 kB.
pub fn decimal<T: Into<f64> + std::fmt::Display>(x: T) -> String {
    #[cfg(not(target_arch = "wasm32"))]
    return x.to_string();
    #[cfg(target_arch = "wasm32")]
    return javascript::string(x.into());
}

#[cfg(target_arch = "wasm32")]
mod javascript {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = String)]
        pub fn string(x: f64) -> String;
    }
}
